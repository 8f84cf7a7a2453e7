"""One measuring session: servers come and go, runs are made on them, and all is written down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from unblocker.config import BenchEntry
from unblocker.measure import load, logs
from unblocker.measure.bench import Progress
from unblocker.measure.load import Job, LoadClient, Outcome
from unblocker.measure.percentiles import summarise
from unblocker.measure.prepared import Login, Prepared, prepare
from unblocker.measure.servers import READY_PATH, App, Variant
from unblocker.measure.warming import warm
from unblocker.records.measurement import LogFindings, Run, Server, Side
from unblocker.services import ports
from unblocker.services.processes import Process, Supervisor

IDLE_ANSWERS_WITHIN_S = 0.3


@dataclass(frozen=True, slots=True)
class Amount:
    """How much load; see `load.Job`."""

    clients: int
    requests_each: int | None = None
    seconds: float = 0.0
    warmup_s: float = 0.0
    settle_s: float = 0.0


@dataclass(slots=True)
class Running:
    """A server that is up; `process` is another one after it was restarted."""

    app: App
    variant: Variant
    port: int
    process: Process


@dataclass(slots=True)
class Session:
    """Starts servers and puts load on them; `servers` and `runs` are what came of it."""

    supervisor: Supervisor
    client: LoadClient
    logins: Mapping[Side, Mapping[str, Login]]
    folder: Path
    progress: Progress
    servers: dict[tuple[str, Side], Server] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    @contextmanager
    def up(self, *pairs: tuple[App, Variant]) -> Iterator[list[Running]]:
        """These servers for as long as the block lasts."""
        running = []
        try:
            for app, variant in pairs:
                port = ports.claim()
                running.append(Running(app, variant, port, self._spawn(app, variant, port)))

            for server in running:
                self._note(server, server.process.wait_ready())
            yield running
        finally:
            self.supervisor.stop(*(server.process for server in running))

    def settle(self, server: Running) -> None:
        """Restart the server if requests that their clients gave up still keep it from answering.

        Fifty clients leave a server with four workers a queue of many seconds.
        """
        if ports.serves_http(server.port, READY_PATH, timeout_s=IDLE_ANSWERS_WITHIN_S):
            return
        self.supervisor.stop(server.process)
        server.process = self._spawn(server.app, server.variant, server.port)
        server.process.wait_ready()

    def run(self, server: Running, entry: BenchEntry, amount: Amount) -> Run:
        """Measure the entry on the server, after a warm-up of each of its processes, and keep the result."""
        request = prepare(entry, self.logins[server.app.side])
        cold = warm(server.process, server.variant, request)
        samples = self.folder / "samples" / f"{len(self.runs):03}-{server.variant.name}.jsonl"
        outcome = self._load(server, request, amount, samples)
        summary = summarise(load.read(samples), outcome.seconds)
        run = Run(
            view=entry.view,
            method=request.method,
            path=request.path,
            server=server.variant.name,
            side=server.app.side,
            clients=amount.clients,
            requests=summary.requests,
            seconds=outcome.seconds,
            throughput=summary.throughput,
            latency=summary.latency,
            errors=summary.errors,
            statuses=summary.statuses,
            samples=str(samples.relative_to(self.folder)),
            client_cpu=outcome.client_cpu,
            settled=outcome.settled,
            cold=cold,
            error_examples=summary.error_examples,
        )
        self.runs.append(run)
        self.progress(told(run))
        return run

    def findings(self) -> tuple[LogFindings, ...]:
        """What the logs of all servers tell."""
        return tuple(self._finding(name, side) for name, side in self.servers)

    def _finding(self, name: str, side: Side) -> LogFindings:
        log = self._log(name, side)
        found = logs.read(log)
        return LogFindings(
            name,
            side,
            found.sync_only,
            found.tracebacks,
            found.excerpts,
            str(log.relative_to(self.folder)),
        )

    def _spawn(self, app: App, variant: Variant, port: int) -> Process:
        log = self._log(variant.name, app.side)
        return self.supervisor.spawn(variant.command(app, port, log))

    def _note(self, server: Running, ready_s: float) -> None:
        variant, side = server.variant, server.app.side
        self.servers.setdefault(
            (variant.name, side),
            Server(variant.name, side, variant.line(server.app), variant.note, ready_s),
        )

    def _load(self, server: Running, request: Prepared, amount: Amount, samples: Path) -> Outcome:
        job = Job(
            port=server.port,
            request=request,
            clients=amount.clients,
            samples=str(samples.absolute()),
            requests_each=amount.requests_each,
            seconds=amount.seconds,
            warmup_s=amount.warmup_s,
            settle_s=amount.settle_s,
        )
        return self.client.run(job)

    def _log(self, name: str, side: Side) -> Path:
        return self.folder / "logs" / f"{side}-{name}.log"


def told(run: Run) -> str:
    """The run on one line, for progress."""
    clients = "1 client" if run.clients == 1 else f"{run.clients} clients"
    time = f"p50 {run.latency.p50:.0f} ms" if run.latency else "no answer"
    errors = f", {run.errors} errors" if run.errors else ""
    return (
        f"{run.path}: {run.side}, {run.server}, {clients}:"
        f" {time}, {run.throughput:.1f} requests/s{errors}"
    )
