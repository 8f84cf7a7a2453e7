"""What `record` saw: per view its requests, and the latencies of every operation by the line that caused it.

It holds nothing of people by default: no path, no parameter, no address; SQL without its literals. Only a recording
made with `--bodies` has what a request needs to be sent again.
"""

from dataclasses import dataclass
from typing import Literal

from unblocker.records.places import Place
from unblocker.records.survey import OperationKind, SourceFile

type Entrance = Literal["wsgi", "asgi", "test client", "direct call"]

SERVERS: frozenset[Entrance] = frozenset({"wsgi", "asgi"})
"""The entrances of requests to a server."""


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """One operation of one request, in milliseconds from the request's start.

    Attributes:
        label: the SQL without literals, the host, the template's name, the cache's or storage's call.
        place: the innermost line of the project that caused it; None where no line of the project was on the stack.
        stand_in: it went no further than this process (a mailbox or a cache in memory, SQLite in memory), so that
            its duration says nothing of production.
        database: the alias, for queries.
    """

    kind: OperationKind
    label: str
    start_ms: float
    duration_ms: float
    place: Place | None = None
    tables: tuple[str, ...] = ()
    database: str = ""
    stand_in: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """What is needed to send a request again; kept only with `--bodies`.

    Attributes:
        query: without the question mark.
        body: what the view read of it, up to the recorder's limit.
        whole: the body is complete.
        user: the primary key of the user who was logged in, as text; None for nobody, or where the request never
            looked.
    """

    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    whole: bool = True
    user: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request, with its operations in the order in which they began.

    Attributes:
        view: the dotted path of its function or class, mostly the survey's `View.id`; None where no route matched.
        route: the route's pattern, as in the survey's `Route.pattern`; None where it is not known.
        status: None where the request never ended, or a directly called view raised.
        duration_ms: from the request's start until there was a response; None where it never ended.
    """

    view: str | None
    route: str | None
    method: str
    status: int | None
    duration_ms: float | None
    entrance: Entrance
    operations: tuple[RecordedOperation, ...] = ()
    replay: Replay | None = None


@dataclass(frozen=True, slots=True)
class OperationTimes:
    """All operations of one kind that one line caused in one view, over all its requests.

    Attributes:
        label: that of the most frequent one.
        count: how many there were in all requests together.
        telling: some were carried out for real (no stand-ins, no failures).
        median_ms, total_ms: of those in requests to a server; where there are none, of those in tests; of all where
            none tells anything.
    """

    kind: OperationKind
    label: str
    count: int
    median_ms: float
    total_ms: float
    place: Place | None = None
    tables: tuple[str, ...] = ()
    telling: bool = True


@dataclass(frozen=True, slots=True)
class RecordedView:
    """One view at one route over all its recorded requests; `view` and `route` are those of the requests.

    Attributes:
        served: requests to a server, the others being tests'.
        failed: answered with a status of 500 or more, or raised.
        unfinished: begun and never ended: the process was killed, or the request still ran when it ended.
        median_ms, slowest_ms, total_ms: of those that ended: the served ones where there are any.
    """

    view: str
    route: str | None
    requests: int
    served: int
    failed: int
    unfinished: int
    median_ms: float
    slowest_ms: float
    total_ms: float
    operations: tuple[OperationTimes, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command under the recorder.

    Attributes:
        started: in ISO format.
        status: the command's exit status, as a shell tells it; None where the recorder was killed before it ended.
    """

    command: tuple[str, ...]
    started: str
    status: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that was recorded, in one run or in several.

    Attributes:
        views: those that were requested, the most requested first.
        requests: the first few of each view and method, whole.
        unrouted: requests that no route matched.
        outside: operations in no request: a test's set-up, a management command.
        files: the project's files that places name, as they were when the recording was put together.
    """

    root: str
    runs: tuple[Run, ...]
    views: tuple[RecordedView, ...]
    requests: tuple[RecordedRequest, ...] = ()
    unrouted: int = 0
    outside: int = 0
    files: tuple[SourceFile, ...] = ()
