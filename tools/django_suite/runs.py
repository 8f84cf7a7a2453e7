"""Running tests in processes of their own, and going on where one hangs or dies."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from tools.django_suite import outcomes
from tools.django_suite.outcomes import Outcome
from tools.django_suite.source import Source

type Mode = Literal["stock", "plain", "loop"]

INSIDE = Path(__file__).parent / "inside" / "suite_run.py"
STOCK_ENGINE = "django.db.backends.postgresql"
OUR_ENGINE = "django_unblock.db.postgresql"
# For what a process does outside of tests: imports, test databases with all tables, set-up of classes.
SECONDS_BETWEEN = 600
RESTARTS = 20


class CannotRunError(Exception):
    """A process ended, or had to be ended, before it ran any test; the message has its log."""


@dataclass(frozen=True, slots=True)
class Run:
    """How to run tests.

    Attributes:
        source: which Django.
        mode: stock backend; our engine in plain synchronous code; or all of it on the event loop.
        server: the server's connection settings.
        folder: where records and logs go.
        processes: how many at the same time.
        seconds: a test that takes longer counts as hung.
    """

    source: Source
    mode: Mode
    server: dict[str, str]
    folder: Path
    processes: int
    seconds: int

    def outcomes(self, labels: Sequence[str]) -> dict[str, Outcome]:
        """Run the tests of the labels (all, if there are none) and return what became of them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shards = split(labels or _all_modules(self.source.tests), self.processes, self.source.tests)
        for left in self.folder.glob(f"{self.mode}-*"):
            left.unlink()
        with ThreadPoolExecutor(self.processes) as threads, Processes() as processes:
            list(threads.map(partial(self._run_shard, processes), range(len(shards)), shards))
        return self.recorded()

    def recorded(self) -> dict[str, Outcome]:
        """Return the outcomes of the last run into this folder."""
        records = map(outcomes.read, sorted(self.folder.glob(f"{self.mode}-*.jsonl")))
        return {test: outcome for record in records for test, outcome in record.outcomes.items()}

    def _run_shard(self, processes: "Processes", number: int, labels: Sequence[str]) -> None:
        record = self.folder / f"{self.mode}-{number}.jsonl"
        for attempt in range(RESTARTS):
            log = self.folder / f"{self.mode}-{number}-{attempt}.log"
            command = [self.source.python, INSIDE, self.source.tests, self.mode, *labels]
            with log.open("w") as output:
                environment = self._environment(f"{number}_{attempt}", record)
                process = processes.start(command, stdout=output, env=environment)
                ended = self._until_end(process, record)
            if ended == "finished":
                return
            running = outcomes.read(record).running
            if running is None:
                raise CannotRunError(f"{ended} between two tests:\n{_tail(log)}")
            outcomes.append(record, Outcome(running, ended, _tail(log)))
        raise CannotRunError(f"{RESTARTS} tests hung or crashed, the last in {log}")

    def _until_end(self, process: "subprocess.Popen[bytes]", record: Path) -> str:
        """Wait for the process; return how it ended: finished, hung or crashed."""
        if not self._ends(process, record):
            _end_hung(process)
            return "hung"
        return "finished" if process.returncode == 0 else "crashed"

    def _ends(self, process: "subprocess.Popen[bytes]", record: Path) -> bool:
        """Wait for its end; return False if it has not moved on for too long."""
        size, since = 0, time.monotonic()
        while process.poll() is None:
            now = record.stat().st_size if record.exists() else 0
            if now != size:
                size, since = now, time.monotonic()
            limit = self.seconds if outcomes.is_within_test(record) else SECONDS_BETWEEN
            if time.monotonic() - since > limit:
                return False
            time.sleep(0.5)
        return True

    def _environment(self, name: str, record: Path) -> dict[str, str]:
        engine = STOCK_ENGINE if self.mode == "stock" else OUR_ENGINE
        databases = {
            alias: {**self.server, "ENGINE": engine, "NAME": f"{alias}_{self.mode}_{name}"}
            for alias in ("default", "other")
        }
        given = {"SUITE_DATABASES": json.dumps(databases), "SUITE_RECORD": str(record)}
        return {**os.environ, **given}


class Processes:
    """The processes under way. At the end of the block they are ended, and no other is started."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self._over = False

    def start(self, command: Sequence[str | Path], **options: Any) -> "subprocess.Popen[bytes]":
        """Start a process without input, its errors among its output."""
        with self._lock:
            if self._over:
                raise CannotRunError("interrupted")
            options |= {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
            self._started.append(subprocess.Popen(command, **options))
            return self._started[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._over = True
        for process in self._started:
            process.kill()  # does nothing to one that has ended


def split(labels: Iterable[str], parts: int, tests: Path) -> list[list[str]]:
    """Spread labels over as many lists, of about the same amount of test code."""
    sizes = {label: _size(tests / label.split(".")[0]) for label in labels}
    shards: list[list[str]] = [[] for _ in range(min(parts, len(sizes)))]
    for label in sorted(sizes, key=sizes.__getitem__, reverse=True):
        lightest = min(shards, key=lambda shard: sum(sizes[each] for each in shard))
        lightest.append(label)
    return shards


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.py"))


def _all_modules(tests: Path) -> list[str]:
    """The modules that Django's own runner finds: GIS needs another database."""
    left_out = {"import_error_package", "test_runner_apps", "gis_tests"}
    folders = {path.parent.name for path in tests.glob("*/__init__.py")}
    return sorted(folders - left_out)


def _end_hung(process: "subprocess.Popen[bytes]") -> None:
    """Have the process write its stacks to its log, then end it."""
    process.send_signal(signal.SIGUSR1)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-6000:]
