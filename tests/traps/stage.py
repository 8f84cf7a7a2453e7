"""The project before and after, each in a process of its own with a database of its own, asked the same."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.traps.trap import PROJECT, Ask, Trap
from unblocker.verify.clones import cloned
from unblocker.verify.compare import Seen, compare
from unblocker.verify.databases import Database
from unblocker.verify.endstate import EndState
from unblocker.verify.findings import Finding
from unblocker.verify.job import Trees
from unblocker.verify.postgresql import PostgresInspector
from unblocker.verify.process import Launch, NoAnswerError, Side, WorkerProcess
from unblocker.verify.protocol import DatabasePlace, Forget, LoggedIn, LogIn, Serve, Setup
from unblocker.verify.recorder import Recorder
from unblocker.verify.sides import Sides
from unblocker.verify.visitors import Visitors
from unblocker.verify.wire import encode

ROOT = Path(__file__).parents[2]
SIDES: tuple[Side, ...] = ("old", "new")
UNREACHABLE = "localhost:1"
STARTED = 1_780_000_000.0
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A seeded database and where the project finds its upstream."""

    database: Database
    upstream: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process that loads the project gets."""
        place = self.database
        path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
        return {
            **os.environ,
            "PYTHONPATH": path,
            "TRAPS_DATABASE": place.name,
            "TRAPS_HOST": place.host,
            "TRAPS_PORT": str(place.port),
            "TRAPS_USER": place.user,
            "TRAPS_UPSTREAM": self.upstream,
        }

    def run(self, folder: Path, *arguments: str) -> str:
        """What Python printed; the test fails where it fails."""
        done = subprocess.run(
            (sys.executable, *arguments),
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def convert(self, folder: Path) -> Trees:
        """The project, and what `convert --write` makes of it."""
        trees = Trees(folder / "old", folder / "new", "settings")
        for tree in (trees.old, trees.new):
            shutil.copytree(PROJECT, tree, ignore=shutil.ignore_patterns("__pycache__"))
        self.run(trees.new, "-m", "unblocker", "convert", "--write")
        return trees


@dataclass(slots=True)
class Pair:
    """Both sides, up and asked in one way."""

    sides: Sides
    endstate: EndState
    recorder: Recorder
    session_cookie: str
    number: int = field(default=0)

    def differences(self, trap: Trap) -> list[str]:
        """What is not the same, request by request; also an answer that is not the one the trap says."""
        self.endstate.put_back(SIDES)
        self.sides.tell_all(Forget())
        visitors = Visitors(self.session_cookie)
        return [told for ask in trap.asks for told in self._ask(ask, visitors)]

    def _ask(self, ask: Ask, visitors: Visitors) -> Iterator[str]:
        request = ask.request
        if request.as_user is not None and visitors.needs_login(request.as_user):
            visitors.logged_in(request.as_user, self._log_in(request.as_user))
        self.recorder.begin()
        self.number += 1
        replies = self.sides.serve(
            Serve(self.number, encode(request, visitors.cookies(request.as_user)))
        )
        seen = {side: self._seen(side, reply) for side, reply in replies.items()}
        old = seen["old"].observation
        visitors.received(request.as_user, old.cookies, signed_in=old.signed_in)
        if old.status != ask.status:
            yield f"{request}: status {old.status} before, not {ask.status}: {old.raised}"
        for finding in (*compare(seen["old"], seen["new"]), *self.endstate.compare()["new"]):
            yield f"{request}: {told(finding)}"
        new = seen["new"].observation
        if old.mails != new.mails:
            yield f"{request}: mail: not the same mails in the same order: {old.mails}, {new.mails}"

    def _seen(self, side: Side, reply: object) -> Seen:
        if isinstance(reply, NoAnswerError):
            raise self.sides.broken(side, reply)
        return Seen(reply, self.recorder.calls(side))  # type: ignore[arg-type]  # serve returns nothing else

    def _log_in(self, user: str) -> str:
        self.number += 1
        replies = self.sides.ask_all(LogIn(self.number, user))
        logged_in = replies["old"]
        assert isinstance(logged_in, LoggedIn)
        assert replies["new"] == logged_in
        return logged_in.cookie


def told(finding: Finding) -> str:
    """The finding in one line."""
    return f"{finding.aspect}: {finding.text}: {finding.before!r} became {finding.after!r}"


@contextmanager
def pair(way: str, trees: Trees, scene: Scene, folder: Path) -> Iterator[Pair]:
    """Both trees up, to be asked in that way; gone when the block is left."""
    with ExitStack() as stack:
        clones = stack.enter_context(cloned((scene.database,), (*SIDES, "kept")))
        recorder = stack.enter_context(Recorder(SIDES, frozenset()))
        workers: dict[Side, WorkerProcess] = {}
        for side in SIDES:
            environment = {**scene.environment, "TRAPS_WAY": way}
            launch = _launch(side, trees, clones[side][0], environment, recorder, folder)
            workers[side] = WorkerProcess(launch)
            stack.callback(workers[side].kill)
        for worker in workers.values():
            worker.wait_ready()
        inspectors = {
            side: stack.enter_context(PostgresInspector(clones[side][0])) for side in clones
        }
        endstate = EndState({side: (inspectors[side],) for side in SIDES}, (inspectors["kept"],))
        endstate.keep()
        sides = Sides(workers, endstate, TIMEOUT_S)
        yield Pair(sides, endstate, recorder, workers["old"].ready.session_cookie)


def _launch(
    side: Side,
    trees: Trees,
    clone: Database,
    environment: Mapping[str, str],
    recorder: Recorder,
    folder: Path,
) -> Launch:
    media = folder / f"media-{side}"
    media.mkdir()
    where = (clone.name, clone.host, clone.port, clone.user, clone.password)
    place = DatabasePlace(clone.alias, "postgresql", *where)
    setup = Setup(
        root=str(trees.old if side == "old" else trees.new),
        settings=trees.settings,
        served_by="wsgi",
        databases=(place,),
        media=str(media),
        started=STARTED,
        step=1.0,
        proxy_port=recorder.port(side),
    )
    proxy = f"http://127.0.0.1:{recorder.port(side)}"
    variables = {
        **environment,
        "http_proxy": proxy,
        "https_proxy": proxy,
        "no_proxy": UNREACHABLE,
        "PYTHONHASHSEED": "0",
    }
    return Launch(
        side, sys.executable, setup, variables, folder / f"{side}.log", "tests.traps.worker"
    )
