"""What a run has seen, for `checks` to judge. Times are seconds on one monotonic clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Move:
    """Money to be moved from one account to another."""

    source: int
    target: int
    amount: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and what only its own answer can say.

    Attributes:
        token: names the request; its answer repeats it.
        kind: the view it is for.
        path: with the query.
        expected: the JSON value of the right answer's body.
        user: whose session it carries.
        body: what is uploaded with it.
        move: the transfer it asks for.
        refused: the view raises an error of its own after half of the work.
        job: it starts a background job named by the token.
    """

    token: str
    kind: str
    path: str
    expected: Any
    user: int = 0
    body: bytes = b""
    move: Move | None = None
    refused: bool = False
    job: bool = False


class Outcome(StrEnum):
    """How a request ended, as its client saw it."""

    ANSWERED = "answered"
    DROPPED = "dropped"  # by the client itself
    CUT = "cut"  # the server closed the connection before the answer was complete
    REFUSED = "refused"  # no connection to the server
    SILENT = "silent"  # no answer within the client's patience


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request.

    Attributes:
        phase: when it was made.
        status: the HTTP status; 0 without one.
        token: what the response's header says whose it is.
        body: its JSON value, or its text if it is none.
    """

    ask: Ask
    phase: str
    outcome: Outcome
    began: float
    ended: float
    status: int = 0
    token: str = ""
    body: Any = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was broken on purpose.

    Attributes:
        kind: ``kill`` or ``restart``.
        backends: how many database connections it ended; 0 where that is not known.
    """

    kind: str
    began: float
    ended: float
    backends: int = 0


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """How long a phase took, and how long it may."""

    phase: str
    seconds: float
    limit: float


@dataclass(frozen=True, slots=True)
class Rest:
    """The connections after a phase, when nothing runs any more.

    Attributes:
        backends: the state of each of the program's sessions, from pg_stat_activity.
        lent: connections that the pool says are in use.
        waiting: borrowers that the pool says are waiting.
        pool_size: the pool's largest size.
    """

    phase: str
    backends: tuple[str, ...]
    lent: int
    waiting: int
    pool_size: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A committed transfer."""

    token: str
    move: Move


@dataclass(frozen=True, slots=True)
class Books:
    """The database at the end of the run.

    Attributes:
        opening: what each account began with.
        balances: the balance per account.
        booked: the committed transfers.
        jobs_done: the token of each job's committed row, once per row.
    """

    opening: int
    balances: dict[int, int]
    booked: tuple[Booked, ...]
    jobs_done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The end of the server after SIGTERM.

    Attributes:
        pending: background jobs that were not done when the signal was sent.
        seconds: until the process had ended.
        limit: how long that may take.
        status: its exit status; None if it had to be killed.
        backends: database sessions that it left behind.
        unfinished: the tokens of the jobs that its log names as not done.
    """

    pending: int
    seconds: float
    limit: float
    status: int | None
    backends: int
    unfinished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """All that one run has seen.

    Attributes:
        complaints: lines of the server's log that no fault explains.
        wanted: how often at least each kind of trouble was to happen.
    """

    answers: tuple[Answer, ...] = ()
    faults: tuple[Fault, ...] = ()
    phases: tuple[PhaseTime, ...] = ()
    rests: tuple[Rest, ...] = ()
    books: Books = field(default_factory=lambda: Books(0, {}, (), ()))
    shutdown: Shutdown | None = None
    complaints: tuple[str, ...] = ()
    wanted: Mapping[str, int] = field(default_factory=dict)
