"""What the plan decided: per view a verdict with reasons, per function the edits, and the predicted gain."""

from dataclasses import dataclass
from typing import Literal

from unblocker.records.places import Place
from unblocker.records.survey import OperationKind, Project, SourceFile

type Verdict = Literal["convert", "bridge", "leave"]
type Form = Literal["method", "function", "twin", "unblock", "offload", "background"]
type Basis = Literal["measured", "typical", "assumed"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is; `code` has a docs page."""

    code: str
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A deliberate change of behaviour, shown before anything is written (rule 9)."""

    code: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Span:
    """A predicted operation on the request's time line, in milliseconds from its start; `entry` as in the catalog.

    It may stand for the same operation `times` in a row. Its length is `measured` at this place or in this view,
    `typical` of what the recording has elsewhere for the kind, or `assumed`: the cost model's.
    """

    label: str
    kind: OperationKind
    start_ms: float
    end_ms: float
    entry: str = ""
    basis: Basis = "assumed"
    times: int = 1


@dataclass(frozen=True, slots=True)
class Prediction:
    """The cost model's time lines: one after the other, and overlapped."""

    before: tuple[Span, ...]
    after: tuple[Span, ...]

    @property
    def before_ms(self) -> float:
        """The sum: when the last operation ends in the sync view."""
        return max((span.end_ms for span in self.before), default=0.0)

    @property
    def after_ms(self) -> float:
        """The critical path: when the last operation ends in the converted view."""
        return max((span.end_ms for span in self.after), default=0.0)

    @property
    def saved_ms(self) -> float:
        """What one request would gain."""
        return self.before_ms - self.after_ms

    @property
    def basis(self) -> Literal["measured", "partly measured", "assumed"]:
        """What the figures rest on: all operations measured in this view or at their places, some, or none at all."""
        bases = {span.basis for span in self.before}
        if bases <= {"assumed"}:
            return "assumed"
        return "measured" if bases == {"measured"} else "partly measured"


@dataclass(frozen=True, slots=True)
class Await:
    """An expression that changes in its place.

    Attributes:
        place: the call as it stands (for `method` and `function`: the whole call expression).
        form: `method`: `x.get(…)` becomes `await x.<name>(…)`. `function`: `f(…)` becomes `await <name>(…)`, `name`
            dotted, imported as needed. `twin`: `f(…)` becomes `await <name>(…)`, `name` beside the original, same
            import path. `unblock`, `offload`: `f(…)` becomes `await unblock(f)(…)`, `await offload(f)(…)`.
            `background`: `f(…)` becomes `background(f, …)`, not awaited (legal in a lambda); with `name`, that
            function (a twin beside the original) is handed over instead of `f`.
        name: see `form`.
    """

    place: Place
    form: Form
    name: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """What one arm of a `gather` does.

    Either `steps` (ids, in program order; `records.asides` tells those of parts of a statement) whose last bound
    names `exports` are wanted afterwards, or `loads`: local querysets whose rows are fetched. One step `x =
    <await>` goes into the call as it is; more become a local `async def <name>()`, as does one whose operation is
    only part of the statement, so that errors keep their order.
    """

    name: str
    steps: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Branches that overlap, put before the step `anchor`, in program order.

    `hoisted` are transparent steps that stood among them and now come first. `note` is the comment to leave. Where
    all branches are loads they become one `await load(a, b)`. Every step named here is taken from its old place.
    """

    anchor: str
    branches: tuple[Branch, ...]
    note: str
    hoisted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """A `for` over independent calls that become concurrent.

    `for x in xs:` becomes `async for x, answer in overlap(ask, xs, limit=…)`, where `ask` is a local coroutine function
    of `x` that makes the call at `operation`, and `await answer` takes the call's place.
    """

    step: str
    operation: Await
    limit: int
    note: str


@dataclass(frozen=True, slots=True)
class AtomicBlock:
    """`with transaction.atomic(…)` (the expression's place) becomes `async with aatomic(…)`."""

    place: Place


@dataclass(frozen=True, slots=True)
class FunctionPlan:
    """How one function changes.

    Attributes:
        name: its name afterwards; the old one where it is converted in place, Django's `a` prefix for a twin.
        twin: the old function stays and the new one is put behind it.
        callers: other modules' files that must import the twin's name where they import the old one's.
        is_async: the new form is `async def` (false where only mail leaves it for the background).
    """

    function: str
    file: str
    place: Place
    name: str
    twin: bool = False
    callers: tuple[str, ...] = ()
    is_async: bool = True
    awaits: tuple[Await, ...] = ()
    groups: tuple[Group, ...] = ()
    loops: tuple[Loop, ...] = ()
    atomics: tuple[AtomicBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the recording has of a view: its requests, and the median time of one, its code included."""

    requests: int
    median_ms: float


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """The verdict on one view; `functions` are ids of the `FunctionPlan`s that it needs, its own first.

    `traffic` is None where there is no recording; a view that a recording does not have has no requests.
    """

    view: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    prediction: Prediction
    functions: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    place: Place | None = None
    traffic: Traffic | None = None

    @property
    def saved_in_all_ms(self) -> float:
        """What all recorded requests would gain together; one request's gain where there is no recording."""
        return self.prediction.saved_ms * (self.traffic.requests if self.traffic else 1)


@dataclass(frozen=True, slots=True)
class Adoption:
    """The project files that must change for the runtime to be used; aliases are those to get our engine."""

    settings_files: tuple[str, ...]
    aliases: tuple[str, ...]
    add_app: bool
    asgi_file: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the plan decided, and the files (with their hashes) on which it rests."""

    project: Project
    views: tuple[ViewPlan, ...]
    functions: tuple[FunctionPlan, ...]
    adoption: Adoption | None
    files: tuple[SourceFile, ...] = ()
