"""In which order the operations of a function run, as an account of the view tells it."""

from dataclasses import dataclass, replace

from unblocker.plan.apart import Apart, reasons_apart
from unblocker.plan.conversion import Converter
from unblocker.plan.facts import walk
from unblocker.plan.spreading import spread, spread_by
from unblocker.records.account import Conclusion
from unblocker.records.asides import AsideId
from unblocker.records.places import Place
from unblocker.records.plan import Group
from unblocker.records.survey import Function, Operation, Step


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the operations of one function run.

    Attributes:
        assembled: the function is put together from what a class inherits: it has no lines of its own.
        titled: the block around each step of such a function only says which request it answers.
    """

    apart: dict[str, Apart]
    beside: dict[str, tuple[int, ...]]
    ahead: frozenset[Place]
    assembled: bool
    titled: bool

    def put_on(self, found: Conclusion, step: Step, operation: Operation) -> Conclusion:
        """The conclusion with its place in the order."""
        if self.assembled:
            perhaps = len(found.unless) > self.titled
            return replace(found, unless=("some of these requests",) if perhaps else ())
        aside = str(AsideId(step.id, operation.place, operation.early))
        together = self.beside.get(aside) or self.beside.get(step.id, ())
        return replace(
            found,
            beside=together,
            ahead=operation.place in self.ahead,
            apart=_apart(self.apart.get(step.id), together),
        )


def order_in(function: Function, converter: Converter) -> Order:
    """The order in which the plan leaves, or puts, the function's operations."""
    plan = converter.convert(function).plan
    return Order(
        apart=reasons_apart(function.steps),
        beside=_beside(plan.groups, spread(function.steps, spread_by(plan.groups))),
        ahead=frozenset(loop.operation.place for loop in plan.loops),
        assembled=all(step.place == function.place for step in function.steps),
        titled=len(function.steps) == 1 and function.steps[0].kind == "match",
    )


def _apart(found: Apart | None, beside: tuple[int, ...]) -> str:
    """Why it waits for what is before it; a group's branches don't wait for each other."""
    return "" if found is None or found.line in beside else found.reason


def _beside(groups: tuple[Group, ...], steps: tuple[Step, ...]) -> dict[str, tuple[int, ...]]:
    """By the id of a step in a group: the lines of the group's other branches."""
    lines = {step.id: step.place.line for step in walk(steps)}
    found: dict[str, tuple[int, ...]] = {}
    for group in groups:
        for branch in group.branches:
            others = (one for other in group.branches if other is not branch for one in other.steps)
            together = tuple(dict.fromkeys(lines[one] for one in others if one in lines))
            found.update(dict.fromkeys(branch.steps, together))
    return found
