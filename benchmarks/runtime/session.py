"""One run: everybody takes a turn at every measure, round after round.

A server is up for its turn only. The processes of `in_process` stay up.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles

import psutil

from benchmarks.runtime import load
from benchmarks.runtime.contestants import (
    DATABASE,
    EVERYONE,
    OURS,
    OWN_API,
    ROOT,
    STOCK_ASGI,
    STOCK_POOL,
    Contestant,
    missing,
)
from benchmarks.runtime.load import Load
from unblocker.services import ports, postgres
from unblocker.services.postgres import Postgres
from unblocker.services.processes import Process, Supervisor

CLIENTS = 32
WARMUP_S = 1.0
SERVED_S = 2.5
BOOK, REPORT = "books/{}/", "report/"

IN_PROCESS = (STOCK_ASGI, STOCK_POOL, OURS, OWN_API)
MEASURES = ("get", "agets", "aget", "rows", "arows", "slow_query", "slow_queries")


@dataclass(frozen=True)
class Sample:
    """What one contestant did in one round.

    Attributes:
        of: the measure: a page's path, or a measure of `in_process`.
        per_second: requests answered; 0 in process.
        cpu_ms: CPU time per request or call, of the whole process, in milliseconds.
        p50_ms, p99_ms: time per request; per call, on average, in process.
        client_cpu: share of a core that the load generator used.
    """

    contestant: str
    of: str
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    per_second: float = 0.0
    client_cpu: float = 0.0


class Session:
    """A PostgreSQL with the rows, and those who can take part."""

    def __init__(
        self,
        supervisor: Supervisor,
        postgres: Postgres,
        contestants: Iterable[Contestant],
        workers: Mapping[Contestant, "Worker"],
        logs: Path,
    ) -> None:
        self._supervisor = supervisor
        self._postgres = postgres
        self._contestants = contestants
        self._workers = workers
        self._logs = logs

    def round(self, told: Callable[[str], None]) -> Iterator[Sample]:
        """Let everyone take every measure once."""
        for page in (BOOK, REPORT):
            for contestant in self._contestants:
                if page == BOOK or contestant.serves_report:
                    told(f"{page} on {contestant.name}")
                    with self._up(contestant) as server:
                        yield _served(contestant, server, page)
        told("in process")
        for measure in MEASURES:
            for contestant, worker in self._workers.items():
                yield worker.take(contestant, measure)

    @contextmanager
    def _up(self, contestant: Contestant) -> Iterator[Process]:
        log = self._logs / f"{contestant.name}.log"
        command = contestant.command(self._postgres, ports.claim(), log)
        server = self._supervisor.start(command)
        try:
            yield server
        finally:
            self._supervisor.stop(server)


class Worker:
    """A process that takes the measures of `in_process`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def take(self, contestant: Contestant, measure: str) -> Sample:
        """Take one; raises RuntimeError if the process has died."""
        print(measure, file=self._process.stdin, flush=True)
        line = _line(self._process)
        if not line:
            raise RuntimeError(f"{contestant.name} could not take {measure!r}; see above.")
        taken = json.loads(line)
        wall = taken["wall_ms"]
        return Sample(contestant.name, measure, taken["cpu_us"] / 1000, wall, wall)


@contextmanager
def started(told: Callable[[str], None]) -> Iterator[Session]:
    """Start everything; it ends with the block."""
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-runtime-")))
        supervisor = stack.enter_context(Supervisor())
        server = postgres.start(supervisor, postgres.temporary_folder())
        server.create(DATABASE)
        _prepare(server)
        taking_part = [one for one in EVERYONE if _is_here(one, told)]
        workers = {
            one: Worker(stack.enter_context(_worker(one, server)))
            for one in IN_PROCESS
            if one in taking_part
        }
        yield Session(supervisor, server, taking_part, workers, logs)


def write(samples: Iterable[Sample], file: Path) -> None:
    """Write raw samples, one a line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(asdict(sample)) + "\n" for sample in samples))


def _is_here(contestant: Contestant, told: Callable[[str], None]) -> bool:
    reason = missing(contestant)
    if reason:
        told(f"{contestant.name} is left out: {reason}")
    return not reason


def _prepare(server: Postgres) -> None:
    subprocess.run(
        (sys.executable, "-m", "benchmarks.runtime.prepare_database"),
        cwd=ROOT,
        env=STOCK_ASGI.environment(server),
        check=True,
    )


@contextmanager
def _worker(contestant: Contestant, server: Postgres) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        (sys.executable, "-m", "benchmarks.runtime.in_process"),
        cwd=ROOT,
        env=contestant.environment(server),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield process


def _served(contestant: Contestant, server: Process, page: str) -> Sample:
    arguments = (server.command.port, f"/{contestant.pages}/{page}", CLIENTS, WARMUP_S, SERVED_S)
    with subprocess.Popen(
        (sys.executable, "-m", "benchmarks.runtime.load", *map(str, arguments)),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    ) as client:
        begins = _line(client).strip() == load.BEGINS
        cpu = _cpu_seconds(server)
        line = _line(client)
        cpu = _cpu_seconds(server) - cpu
    if not begins or not line:
        raise RuntimeError(f"The load on {contestant.name} failed; {server.last_lines()}")
    return _sample(contestant, page, Load(**json.loads(line)), cpu)


def _line(process: "subprocess.Popen[str]") -> str:
    return process.stdout.readline() if process.stdout is not None else ""


def _sample(contestant: Contestant, page: str, seen: Load, cpu: float) -> Sample:
    count = len(seen.latencies_ms)
    percentiles = quantiles(seen.latencies_ms, n=100)
    return Sample(
        contestant.name,
        page,
        cpu_ms=cpu / count * 1000,
        p50_ms=percentiles[49],
        p99_ms=percentiles[98],
        per_second=count / seen.seconds,
        client_cpu=seen.client_cpu / seen.seconds,
    )


def _cpu_seconds(server: Process) -> float:
    """The CPU time so far of the server and its worker processes."""
    times = [child.cpu_times() for child in psutil.Process(server.popen.pid).children(True)]
    return float(sum(one.user + one.system for one in times))
