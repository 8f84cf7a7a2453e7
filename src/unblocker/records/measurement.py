"""What was measured: real servers under load, before and after, the raw samples kept beside it.

All times are in milliseconds unless the name says otherwise, all rates in requests per second.
"""

from dataclasses import dataclass
from typing import Literal

type Side = Literal["before", "after"]
type SpanKind = Literal["sql", "http", "mail", "s3"]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the numbers were measured on."""

    cores: int
    platform: str
    python: str
    django: str


@dataclass(frozen=True, slots=True)
class Delays:
    """How far away the services were made to look: what was added to each round trip."""

    database_ms: float
    upstream_ms: float
    smtp_ms: float


@dataclass(frozen=True, slots=True)
class Server:
    """A way of serving one side of the app.

    Attributes:
        name: short and unique within the measurement, such as `gunicorn-gthread`.
        side: which source tree it serves.
        command: as it was run, the port left as `{port}`.
        note: why it is set up like this.
        ready_s: seconds from its start until its port answered.
    """

    name: str
    side: Side
    command: tuple[str, ...]
    note: str
    ready_s: float


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the successful requests took; percentiles by nearest rank, so measured times."""

    p50: float
    p90: float
    p99: float
    mean: float
    worst: float


@dataclass(frozen=True, slots=True)
class Run:
    """One path under load on one server.

    Attributes:
        view: the view's name, as the project's configuration gives it.
        clients: how many asked at the same time, each waiting for its answer before it asks again.
        requests: answers and failures that ended within the measured time.
        seconds: the measured time, warm-up left out.
        throughput: successful requests per second.
        latency: of the successful requests; None if there was none.
        errors: requests that failed: a status other than 2xx and 3xx, or an exception.
        statuses: how many of each status; "0" where no answer came.
        error_examples: up to three distinct errors, as text.
        samples: the file of raw samples (JSON lines), relative to the measurement's folder.
        client_cpu: share of one core that the load generator used; near 1 it was the limit.
        settled: every client had had an answer before the measured time began. Where not, the
            latency is too good: requests that waited longer than the run are not in it.
        cold: processes of the server that could not be reached to warm them up.
    """

    view: str
    method: str
    path: str
    server: str
    side: Side
    clients: int
    requests: int
    seconds: float
    throughput: float
    latency: Latency | None
    errors: int
    statuses: dict[str, int]
    samples: str
    error_examples: tuple[str, ...] = ()
    client_cpu: float = 0.0
    settled: bool = True
    cold: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """One I/O operation of a traced request; times count from the request's start.

    Attributes:
        label: the shortened SQL text without its parameters, the method and URL, or the mail's
            recipients.
        table: the main table of an SQL statement, else "".
        failed: it raised.
    """

    kind: SpanKind
    label: str
    start_ms: float
    end_ms: float
    table: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """One request's I/O, for a waterfall; what ends after `total_ms` ran behind the response."""

    view: str
    method: str
    path: str
    side: Side
    status: int
    total_ms: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LogFindings:
    """What a server's log told while it was under load.

    Attributes:
        sync_only: lines that hold SynchronousOnlyOperation.
        tracebacks: tracebacks.
        excerpts: the last line of up to three distinct tracebacks.
        log: the log file, relative to the measurement's folder.
    """

    server: str
    side: Side
    sync_only: int
    tracebacks: int
    excerpts: tuple[str, ...]
    log: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """Everything that was measured in one run.

    `headline` is the path that was also measured on the rivals, with the highest number of clients.
    """

    machine: Machine
    delays: Delays
    headline: str
    servers: tuple[Server, ...]
    runs: tuple[Run, ...]
    timelines: tuple[Timeline, ...]
    logs: tuple[LogFindings, ...]
