"""What verify observed: per view, whether the new code still does what the old code did, and what was compared."""

from dataclasses import dataclass, field
from typing import Literal

from unblocker.records.plan import Accepted
from unblocker.records.traffic import LeftOut, Request

type ViewVerdict = Literal["same", "differs", "not exercised", "not deterministic"]
type Aspect = Literal[
    "status",
    "redirect",
    "headers",
    "cookies",
    "body",
    "exception",
    "mail",
    "outbound",
    "reads",
    "writes",
    "tables",
    "sequences",
    "files",
    "templates",
    "context",
    "answer",
    "cache",
    "logs",
    "tasks",
    "signals",
]
type ExclusionKind = Literal["not deterministic", "no answer", "stopped"]

NO_VIEW = "(no view)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a view's new code does something else, shown by the smallest request that differs so.

    Attributes:
        code: finding code with a docs page; one per aspect.
        aspect: what differs; `answer` where the new code gave none (it hung or its process died).
        text: one line for people.
        request: the smallest of the requests that differ so.
        before: excerpt of what the old code did, a few lines; "" for nothing.
        after: the same of the new code.
        requests: how many requests of this view differ in this aspect.
        trial: under which schedule, fault or departure of the client it does; "" where it does without any.
    """

    code: str
    aspect: Aspect
    text: str
    request: Request
    before: str
    after: str
    requests: int = 1
    trial: str = ""


@dataclass(frozen=True, slots=True)
class Trials:
    """What requests to a view were put to besides being made.

    Attributes:
        schedules: how often one was made under another order of completions and turns.
        faults: how often one of its operations was made to fail, on all sides.
        departures: how often its client left before the end.
        cut_short: the time allowed was over before all of them were made.
    """

    schedules: int = 0
    faults: int = 0
    departures: int = 0
    cut_short: bool = False

    @property
    def total(self) -> int:
        """All of them."""
        return self.schedules + self.faults + self.departures

    def __add__(self, other: "Trials") -> "Trials":
        return Trials(
            self.schedules + other.schedules,
            self.faults + other.faults,
            self.departures + other.departures,
            self.cut_short or other.cut_short,
        )


NO_TRIALS = Trials()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A request that was made but not counted, and why.

    `not deterministic`: the old code differs from itself. `no answer`: the old code gave none in time. `stopped`: not
    made, because its view had left requests unanswered before.
    """

    kind: ExclusionKind
    request: Request
    text: str
    requests: int = 1

    @property
    def code(self) -> str:
        """Of the docs page."""
        return "U754" if self.kind == "not deterministic" else "U755"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a view's evidence that is no difference; `code` has a docs page."""

    code: str
    text: str
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of a view's code, its converted helpers included, the requests and their trials reached on one side.

    Attributes:
        lines: its statements, each counted once, wherever it ends.
        branches: the ways from statements that more than one leads on from.
        missed: where no request came: `views.py:88-89 (except Http404)`, and branches not taken between statements
            that were reached: `views.py:90 to 94 (if late)`.
    """

    lines: int = 0
    lines_reached: int = 0
    branches: int = 0
    branches_reached: int = 0
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a view's code the requests reached, and how many of the old code's operations, by the survey."""

    before: Reach
    after: Reach
    operations: int = 0
    operations_missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewEvidence:
    """The verdict on one view and what it rests on.

    Attributes:
        view: the `View.id`.
        requests: how many were compared, exclusions left out.
        statuses: how many of each status the old code answered, the status as text.
        methods: how many requests of each method.
        users: how many requests as each user; "anonymous" for visitors not logged in.
        accepted: deliberate changes of behaviour that the plan announced.
        coverage: None for a view that is not converted, or that no request reached.
    """

    view: str
    verdict: ViewVerdict
    requests: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    methods: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    notes: tuple[Note, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    trials: Trials = NO_TRIALS
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one run of verify found.

    Attributes:
        views: those asked for, in their order, then any others that requests reached; requests that no URL pattern
            matches are gathered under `NO_VIEW`.
        requests: how many were sent to both sides.
        compared: the aspects that were compared for every request.
        tables: how many tables' end states were compared.
        seconds: wall time of the whole run.
        clock: the frozen time at which the first request was made, ISO 8601.
        left_out: requests of the traffic that were not made.
    """

    views: tuple[ViewEvidence, ...]
    requests: int
    compared: tuple[Aspect, ...]
    tables: int
    seconds: float
    clock: str
    left_out: tuple[LeftOut, ...] = ()

    @property
    def has_compared(self) -> bool:
        """Whether anything could be compared: a request that is no view's says nothing."""
        return any(view.requests for view in self.views if view.view != NO_VIEW)

    @property
    def differences(self) -> int:
        """How many differences were found, over all views."""
        return sum(len(view.differences) for view in self.views)

    @property
    def trials(self) -> Trials:
        """All trials of all views."""
        return sum((view.trials for view in self.views), NO_TRIALS)
