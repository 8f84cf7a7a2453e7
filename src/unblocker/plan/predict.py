"""The predicted time lines of a request: every operation after the other, and as the plan overlaps them.

The path taken is the one a successful request takes: bodies of `if` that only leave the view (guards) are passed over,
of other alternatives the dearest is taken, loops make `Costs.loop_turns` turns.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from unblocker.plan.facts import PROJECT_CALL, Facts
from unblocker.plan.latencies import Latency, ViewLatencies
from unblocker.records.places import Place
from unblocker.records.plan import Branch, FunctionPlan, Group, Loop, Span
from unblocker.records.survey import Block, Function, Operation, OperationKind, Step

type Lookup = Callable[[str], FunctionPlan | None]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run of spans and when it ends."""

    spans: tuple[Span, ...]
    end: float

    def then(self, other: "Forecast") -> "Forecast":
        """This and, behind it, the other."""
        return Forecast((*self.spans, *shifted(other.spans, self.end)), self.end + other.end)


NOTHING = Forecast((), 0.0)


def shifted(spans: tuple[Span, ...], by: float) -> tuple[Span, ...]:
    """The spans, later by so many milliseconds."""
    return tuple(
        replace(span, start_ms=span.start_ms + by, end_ms=span.end_ms + by) for span in spans
    )


def together(forecasts: list[Forecast]) -> Forecast:
    """The forecasts overlapped: all start at once, the longest says when it ends."""
    spans = tuple(span for one in forecasts for span in one.spans)
    return Forecast(spans, max((one.end for one in forecasts), default=0.0))


class Predictor:
    """Forecasts of one view; with plans it follows them, without it is the synchronous time line."""

    def __init__(
        self, facts: Facts, latencies: ViewLatencies, plan_of: Lookup = lambda _: None
    ) -> None:
        self.facts = facts
        self.latencies = latencies
        self.plan_of = plan_of
        self._inside: list[str] = []

    def function(self, function: Function) -> Forecast:
        """One call of the function; a call inside a cycle is taken to cost nothing."""
        if function.id in self._inside:
            return NOTHING
        self._inside.append(function.id)
        try:
            return Walk(self, self.plan_of(function.id)).block(function.steps)
        finally:
            self._inside.pop()

    def operation(self, operation: Operation, loaded: frozenset[str] = frozenset()) -> Forecast:
        """One operation, with what is inside it: a helper's body, a template's queries."""
        callee = self.facts.callee(operation)
        if operation.entry == PROJECT_CALL and callee is not None:
            return self.function(callee)
        own = self._single(operation, operation.place)
        for evaluation in operation.evaluates:
            if evaluation.name not in loaded:
                own = own.then(self.query(evaluation.name, operation.place))
        template = self.facts.templates.get(operation.template or "")
        for inner in template.operations if template else ():
            own = own.then(self._single(inner, operation.place))
        return own

    def _single(self, operation: Operation, place: Place) -> Forecast:
        """The operation by itself; `place` is the line of Python that it is recorded at."""
        latency = self.latencies.of(operation.kind, place)
        if not latency.milliseconds:
            return NOTHING
        one = _one(operation.label, operation.kind, latency, operation.entry)
        result = NOTHING
        for _ in range(max(1, operation.times)):
            result = result.then(one)
        return result

    def query(self, label: str, place: Place | None = None) -> Forecast:
        """One query that a queryset makes when it is evaluated, at that place where it is known."""
        return _one(label, "query", self.latencies.of("query", place), "django_orm.iterate")


def _one(label: str, kind: OperationKind, latency: Latency, entry: str) -> Forecast:
    span = Span(label, kind, 0.0, latency.milliseconds, entry, latency.basis)
    return Forecast((span,), latency.milliseconds)


class Walk:
    """One pass over a function's steps under its plan."""

    def __init__(self, predictor: Predictor, plan: FunctionPlan | None) -> None:
        self.predictor = predictor
        self.groups: dict[str, Group] = {one.anchor: one for one in plan.groups} if plan else {}
        self.loops: dict[str, Loop] = {one.step: one for one in plan.loops} if plan else {}
        self.background = (
            {one.place for one in plan.awaits if one.form == "background"} if plan else set()
        )
        self.taken = {
            step for group in self.groups.values() for one in group.branches for step in one.steps
        }
        self.loaded = frozenset(
            name for group in self.groups.values() for one in group.branches for name in one.loads
        )

    def block(self, steps: tuple[Step, ...]) -> Forecast:
        """The steps of a block up to the one that leaves it."""
        by_id = {step.id: step for step in steps}
        result = NOTHING
        for step in steps:
            if step.id in self.groups:
                arms = [self.branch(one, by_id) for one in self.groups[step.id].branches]
                result = result.then(together(arms))
            if step.id not in self.taken:
                result = result.then(self.step(step))
            if step.kind in ("return", "raise"):
                break
        return result

    def branch(self, branch: Branch, by_id: dict[str, Step]) -> Forecast:
        """One arm of a gather."""
        result = NOTHING
        for step_id in branch.steps:
            result = result.then(self.step(by_id[step_id]))
        return result.then(together([self.predictor.query(name) for name in branch.loads]))

    def step(self, step: Step) -> Forecast:
        """A step's own operations, then what is inside it."""
        result = NOTHING
        for operation in step.operations:
            if operation.place not in self.background:
                result = result.then(self.predictor.operation(operation, self.loaded))
        return result.then(self.inside(step))

    def inside(self, step: Step) -> Forecast:
        """The blocks of a compound step."""
        match step.kind:
            case "for" | "while":
                return self.turns(step)
            case "if" | "match":
                arms = [self.block(one.steps) for one in step.blocks if not leaves(one)]
                return max(arms, key=lambda one: one.end, default=NOTHING)
            case "define":
                return NOTHING
            case _:
                result = NOTHING
                for block in step.blocks:
                    if block.kind in ("body", "orelse", "finally"):
                        result = result.then(self.block(block.steps))
                return result

    def turns(self, step: Step) -> Forecast:
        """A loop's turns; calls that start ahead of their turns are there together."""
        body = next((one.steps for one in step.blocks if one.kind == "body"), ())
        turns = self.predictor.latencies.costs.loop_turns
        turn = self.block(body)
        loop = self.loops.get(step.id)
        if loop is not None:
            waves = ceil(turns / loop.limit)
            rounds, turns = [together([turn] * min(turns, loop.limit))] * waves, 0
        else:
            rounds = [turn] * turns
        result = NOTHING
        for one in rounds:
            result = result.then(one)
        return result


def leaves(block: Block) -> bool:
    """The block only ends the view: a guard's body."""
    return bool(block.steps) and block.steps[-1].kind in ("return", "raise")
