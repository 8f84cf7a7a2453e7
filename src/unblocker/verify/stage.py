"""Brings up what a run needs: clones of the databases, the recorder, a worker for each side; and takes it down."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from unblocker.verify.clones import cloned
from unblocker.verify.databases import AnyDatabase, Database
from unblocker.verify.endstate import EndState
from unblocker.verify.job import Trees, World
from unblocker.verify.media import Media
from unblocker.verify.postgresql import PostgresInspector
from unblocker.verify.process import Launch, Side, WorkerProcess
from unblocker.verify.protocol import DatabasePlace, Ready, Setup
from unblocker.verify.recorder import Recorder
from unblocker.verify.sqlite import SqliteInspector
from unblocker.verify.tables import Inspector

SIDES: tuple[Side, ...] = ("old", "control", "new")
KEPT = "kept"  # a state to go back to, on which nobody works
_PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs while requests are made; `database` is the old side's first."""

    workers: dict[Side, WorkerProcess]
    endstate: EndState
    media: Media
    recorder: Recorder
    database: AnyDatabase

    @property
    def ready(self) -> Ready:
        """What is to be known of the project."""
        return self.workers["old"].ready


@contextmanager
def bring_up(
    trees: Trees, templates: tuple[AnyDatabase, ...], world: World, started: datetime
) -> Iterator[Stage]:
    """Everything up and loaded; gone when the block is left, however it is left.

    Raises:
        UnblockError: a database cannot be cloned (U053), or a side does not start (U052).
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unblock-verify-")))
        clones = stack.enter_context(cloned(templates, (*SIDES, KEPT)))
        recorder = stack.enter_context(Recorder(SIDES, world.hosts))
        workers: dict[Side, WorkerProcess] = {}
        for side in SIDES:
            setup = _setup(side, trees, clones[side], folder, recorder.port(side), started, world)
            environment = _environment(world.environment, recorder.port(side))
            launch = Launch(side, world.python, setup, environment, folder / f"{side}.log")
            workers[side] = WorkerProcess(launch)
            stack.callback(workers[side].kill)
        for worker in workers.values():
            worker.wait_ready()
        inspectors = {
            side: tuple(stack.enter_context(_inspector(clone)) for clone in clones[side])
            for side in SIDES
        }
        kept = tuple(stack.enter_context(_inspector(clone)) for clone in clones[KEPT])
        media = Media({side: _media(folder, side) for side in SIDES}, _media(folder, KEPT))
        endstate = EndState(inspectors, kept)
        yield Stage(workers, endstate, media, recorder, clones["old"][0])


def _setup(
    side: Side,
    trees: Trees,
    clones: tuple[AnyDatabase, ...],
    folder: Path,
    proxy_port: int,
    started: datetime,
    world: World,
) -> Setup:
    media = _media(folder, side)
    media.mkdir()
    return Setup(
        root=str(trees.new if side == "new" else trees.old),
        settings=trees.settings,
        served_by="asgi" if side == "new" else "wsgi",
        databases=tuple(_place(clone) for clone in clones),
        media=str(media),
        started=started.timestamp(),
        step=world.step_s,
        proxy_port=proxy_port,
    )


def _media(folder: Path, side: str) -> Path:
    return folder / f"media-{side}"


def _inspector(clone: AnyDatabase) -> Inspector:
    return PostgresInspector(clone) if isinstance(clone, Database) else SqliteInspector(clone)


def _place(clone: AnyDatabase) -> DatabasePlace:
    if not isinstance(clone, Database):
        return DatabasePlace(clone.alias, "sqlite", str(clone.path))
    place = (clone.name, clone.host, clone.port, clone.user, clone.password)
    return DatabasePlace(clone.alias, "postgresql", *place)


def _environment(extra: Mapping[str, str], proxy_port: int) -> dict[str, str]:
    """All HTTP through the recorder, and sets in the same order in every process."""
    proxy = f"http://127.0.0.1:{proxy_port}"
    given = {**os.environ, **extra}
    kept = {name: value for name, value in given.items() if name.lower() not in _PROXY_VARIABLES}
    return {**kept, "http_proxy": proxy, "https_proxy": proxy, "PYTHONHASHSEED": "0"}
