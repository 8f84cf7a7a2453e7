"""A whole run: clones, workers and proxies brought up, the traffic replayed, the verdicts drawn."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.records.evidence import Evidence
from unblocker.records.plan import Accepted
from unblocker.records.traffic import Request
from unblocker.verify.compare import ASPECTS
from unblocker.verify.databases import Clones, Database, cloned
from unblocker.verify.endstate import EndState
from unblocker.verify.process import Launch, Side, WorkerProcess
from unblocker.verify.protocol import DatabasePlace, Ready, Setup
from unblocker.verify.recorder import Recorder
from unblocker.verify.replay import Outcome, Replay
from unblocker.verify.tables import Inspector
from unblocker.verify.verdicts import Tally, ViewNames

SIDES: tuple[Side, ...] = ("old", "control", "new")
PROGRESS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Trees:
    """The project before and after, each a folder that holds manage.py; `settings` is a dotted module."""

    old: Path
    new: Path
    settings: str


@dataclass(frozen=True, slots=True)
class ViewToVerify:
    """A view that a verdict is wanted for: its `View.id`, its URL patterns, what the plan announced of it."""

    id: str
    routes: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """What the project finds around it, the same on both sides.

    Attributes:
        environment: variables on top of this process's own.
        python: the interpreter of the project's environment.
        hosts: hosts outside loopback that may be called for real.
        started: the frozen clock's first reading; None for now, in whole seconds.
        step_s: how far the clock moves on from request to request.
        timeout_s: how long a request may take, in real seconds.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    hosts: frozenset[str] = frozenset()
    started: datetime | None = None
    step_s: float = 1.0
    timeout_s: float = 30.0


def verify(
    trees: Trees,
    traffic: tuple[Request, ...],
    databases: tuple[Database, ...],
    views: tuple[ViewToVerify, ...],
    world: World,
    progress: Callable[[str], None],
) -> Evidence:
    """Make every request on the old and the new code and compare all that can be observed.

    Args:
        trees: the project before and after.
        traffic: the requests, in order.
        databases: seeded databases to clone, one for each alias that the project uses; nobody may be connected.
        views: the views to give a verdict on, exercised or not.
        world: what the project finds around it.
        progress: told about once a second how far it is.

    Raises:
        UnblockError: it cannot run: a database cannot be cloned (U053), a side does not start (U052), the traffic
            names an unknown user (U054), the old code's process breaks down (U055), there is no request (U056).
    """
    if not traffic:
        raise UnblockError(
            "U056", "there is no request to make", hint="Give a traffic file with requests."
        )
    begun = time.monotonic()
    started = (world.started or datetime.now(UTC)).replace(microsecond=0)
    progress("starting the old and the new code")
    with _stage(trees, databases, world, started) as stage:
        _check_users(traffic, stage.workers["old"].ready, stage.users)
        replay = Replay(stage.workers, stage.endstate, stage.recorder, world.timeout_s)
        tallies = _tally(replay.run(traffic), views, len(traffic), progress)
        tables = stage.endstate.tables
    asked_for = {view.id: view for view in views}
    others = [name for name in tallies if name not in asked_for]
    return Evidence(
        views=tuple(
            tallies.get(name, Tally()).evidence(name, asked_for[name].accepted if name in asked_for else ())
            for name in (*asked_for, *others)
        ),
        requests=len(traffic),
        compared=ASPECTS,
        tables=tables,
        seconds=round(time.monotonic() - begun, 3),
        clock=started.isoformat(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stage:
    """What runs while requests are made."""

    workers: dict[Side, WorkerProcess]
    endstate: EndState
    recorder: Recorder
    users: Inspector


@contextmanager
def _stage(
    trees: Trees, databases: tuple[Database, ...], world: World, started: datetime
) -> Iterator[_Stage]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unblock-verify-")))
        clones = stack.enter_context(cloned(databases, SIDES))
        recorder = stack.enter_context(Recorder(SIDES, world.hosts))
        workers: dict[Side, WorkerProcess] = {}
        for side in SIDES:
            launch = _launch(side, trees, clones, world, started, folder, recorder.port(side))
            workers[side] = WorkerProcess(launch)
            stack.callback(workers[side].kill)
        for worker in workers.values():
            worker.wait_ready()
        inspectors = {
            side: tuple(stack.enter_context(Inspector(each)) for each in clones[side]) for side in SIDES
        }  # fmt: skip
        yield _Stage(workers, EndState(inspectors), recorder, inspectors["old"][0])


def _launch(
    side: Side,
    trees: Trees,
    clones: Clones,
    world: World,
    started: datetime,
    folder: Path,
    proxy_port: int,
) -> Launch:
    media = folder / f"media-{side}"
    media.mkdir()
    return Launch(
        side=side,
        python=world.python,
        setup=Setup(
            root=str(trees.new if side == "new" else trees.old),
            settings=trees.settings,
            served_by="asgi" if side == "new" else "wsgi",
            databases=tuple(_place(clone) for clone in clones[side]),
            media=str(media),
            started=started.timestamp(),
            step=world.step_s,
            proxy_port=proxy_port,
        ),
        environment=_environment(world.environment, proxy_port),
        log=folder / f"{side}.log",
    )


def _place(database: Database) -> DatabasePlace:
    return DatabasePlace(
        alias=database.alias,
        name=database.name,
        host=database.host,
        port=database.port,
        user=database.user,
        password=database.password,
    )


def _environment(extra: Mapping[str, str], proxy_port: int) -> dict[str, str]:
    """All HTTP through the recorder, and sets in the same order in every process."""
    proxy = f"http://127.0.0.1:{proxy_port}"
    kept = {
        name: value for name, value in {**os.environ, **extra}.items() if not _routes_http(name)
    }
    return {**kept, "http_proxy": proxy, "https_proxy": proxy, "PYTHONHASHSEED": "0"}


def _routes_http(name: str) -> bool:
    return name.lower() in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}


def _check_users(traffic: Iterable[Request], ready: Ready, inspector: Inspector) -> None:
    names = {request.as_user for request in traffic if request.as_user is not None}
    if not names:
        return
    known = (
        inspector.present(ready.user_table, ready.username_column, names)
        if ready.user_table
        else set()
    )
    if missing := sorted(names - known):
        raise UnblockError(
            "U054",
            f"the traffic has requests as users who do not exist: {', '.join(missing)}",
            hint="Seed them, or name users that the database holds.",
        )


def _tally(
    outcomes: Iterable[Outcome],
    views: tuple[ViewToVerify, ...],
    total: int,
    progress: Callable[[str], None],
) -> dict[str, Tally]:
    names = ViewNames(
        (view.id for view in views), {route: view.id for view in views for route in view.routes}
    )
    tallies: dict[str, Tally] = {}
    told = time.monotonic()
    for number, outcome in enumerate(outcomes, 1):
        tallies.setdefault(names.of(outcome.located), Tally()).add(outcome)
        if time.monotonic() - told >= PROGRESS_SECONDS or number == total:
            told = time.monotonic()
            differing = sum(tally.differs for tally in tallies.values())
            progress(f"{number} of {total} requests compared, {differing} views differ")
    return tallies
