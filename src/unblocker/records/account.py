"""How the conclusions about one view were reached: what `survey --explain` shows."""

from dataclasses import dataclass

from unblocker.records.places import Place
from unblocker.records.plan import Prediction, Reason, Verdict
from unblocker.records.survey import Decorator, Location, OperationKind, Problem, Route


@dataclass(frozen=True, slots=True)
class TypeFact:
    """What a local of a function holds from `place` on: `a queryset of shop.Order`; `function` is a `Function.id`."""

    function: str
    name: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Via:
    """A helper or template on the way to an operation, and where it is called or rendered."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One operation of the view.

    Attributes:
        entry: the catalog's entry, or `project.call`.
        source: the line that does it.
        via: how it is reached from the view, outermost first; empty for the view's own code.
        called_back: Django calls it (a signal, a form, an overridden method); no line of the view does.
        certain: its statement can't do without it.
        times: how often it is expected to run each time; more than 1 where it runs for each row.
        unless: the statements around it that decide whether and how often it runs, outermost first.
        facts: what is known of the locals that it reads.
        unknown: why it may do anything; empty where it is understood.
        beside: lines whose operations run at the same time in the plan.
        ahead: it stands in a loop, and the plan starts the calls of later turns at the same time.
        apart: why it may not run at the same time as what is before it.
    """

    place: Place
    source: str
    label: str
    kind: OperationKind
    entry: str
    reads: tuple[Location, ...] = ()
    writes: tuple[Location, ...] = ()
    raises: tuple[str, ...] = ()
    via: tuple[Via, ...] = ()
    called_back: bool = False
    guard: bool = False
    certain: bool = True
    times: int = 1
    unless: tuple[str, ...] = ()
    facts: tuple[TypeFact, ...] = ()
    unknown: str = ""
    beside: tuple[int, ...] = ()
    ahead: bool = False
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One view: its operations in order, what is not known of it, and the verdict with its reasons."""

    view: str
    routes: tuple[Route, ...]
    place: Place | None
    decorators: tuple[Decorator, ...]
    conclusions: tuple[Conclusion, ...]
    problems: tuple[Problem, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]
    prediction: Prediction
