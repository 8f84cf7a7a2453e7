"""The predicted time lines of a request: every operation after the other, and as the plan overlaps them.

The path taken is the dearest one through the view when it is served synchronously, and the same one of the converted
view: guards that only leave the view are passed over, of other alternatives the dearest is taken, a form that is saved
costs more than one that is shown. Loops make the turns that were recorded, else `Costs.loop_turns`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from math import ceil

from unblocker.plan.facts import PROJECT_CALL, Facts
from unblocker.plan.latencies import Latency, ViewLatencies
from unblocker.plan.spreading import spread, spread_by, steps_in
from unblocker.records.places import Place
from unblocker.records.plan import Branch, FunctionPlan, Group, Loop, Span
from unblocker.records.survey import Function, Operation, OperationKind, Step

type Lookup = Callable[[str], FunctionPlan | None]

DRAWN = 40
"""Spans of a loop up to which each turn is drawn; beyond, all turns are drawn as one."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run of spans and when it ends; `weight` is what it takes when nothing overlaps, by which paths are chosen."""

    spans: tuple[Span, ...]
    end: float
    weight: float

    def then(self, other: "Forecast") -> "Forecast":
        """This and, behind it, the other."""
        spans = (*self.spans, *shifted(other.spans, self.end))
        return Forecast(spans, self.end + other.end, self.weight + other.weight)

    def times(self, number: int) -> "Forecast":
        """The same so many times in a row, told as one run of longer spans."""
        spans = tuple(
            replace(
                span,
                start_ms=span.start_ms * number,
                end_ms=span.end_ms * number,
                times=span.times * number,
            )
            for span in self.spans
        )
        return Forecast(spans, self.end * number, self.weight * number)


NOTHING = Forecast((), 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Paths:
    """The dearest way through some steps, and the dearest one that leaves the function in them; None: there is none."""

    on: Forecast | None
    out: Forecast | None = None

    def then(self, other: "Paths") -> "Paths":
        """Through these steps and the ones behind them."""
        if self.on is None:
            return self
        on, out = (self.on.then(one) if one else None for one in (other.on, other.out))
        return Paths(on, dearer(self.out, out))

    def beside(self, other: "Paths") -> "Paths":
        """Through these steps or the other ones."""
        return Paths(dearer(self.on, other.on), dearer(self.out, other.out))

    @property
    def dearest(self) -> Forecast:
        """Of all ways."""
        return dearer(self.on, self.out) or NOTHING


def dearer(one: Forecast | None, other: Forecast | None) -> Forecast | None:
    """The one with more weight; the first of equals."""
    if one is None or other is None:
        return one or other
    return other if other.weight > one.weight else one


def shifted(spans: tuple[Span, ...], by: float) -> tuple[Span, ...]:
    """The spans, later by so many milliseconds."""
    return tuple(
        replace(span, start_ms=span.start_ms + by, end_ms=span.end_ms + by) for span in spans
    )


def together(forecasts: list[Forecast]) -> Forecast:
    """The forecasts overlapped: all start at once, the longest says when it ends."""
    spans = tuple(span for one in forecasts for span in one.spans)
    end = max((one.end for one in forecasts), default=0.0)
    return Forecast(spans, end, sum(one.weight for one in forecasts))


class Predictor:
    """Forecasts of one view; with plans it follows them, without it is the synchronous time line."""

    def __init__(
        self, facts: Facts, latencies: ViewLatencies, plan_of: Lookup = lambda _: None
    ) -> None:
        self.facts = facts
        self.latencies = latencies
        self.plan_of = plan_of
        self._inside: list[str] = []
        self._known: dict[str, Forecast] = {}

    def function(self, function: Function) -> Forecast:
        """One call of the function; a call inside a cycle is taken to cost nothing."""
        if function.id in self._inside:
            return NOTHING
        if function.id not in self._known:
            self._inside.append(function.id)
            plan = self.plan_of(function.id)
            steps = spread(function.steps, spread_by(plan.groups)) if plan else function.steps
            self._known[function.id] = Walk(self, plan).block(steps).dearest
            self._inside.pop()
        return self._known[function.id]

    def operation(self, operation: Operation, loaded: frozenset[str] = frozenset()) -> Forecast:
        """One operation, with what is inside it: a helper's body, a template's queries and calls."""
        return self._at(operation, operation.place, loaded).times(max(1, operation.times))

    def _at(self, operation: Operation, place: Place, loaded: frozenset[str]) -> Forecast:
        """The operation once; `place` is the line of Python that it is recorded at."""
        callee = self.facts.callee(operation)
        if operation.entry == PROJECT_CALL and callee is not None:
            return self.function(callee)
        own = _one(operation, self.latencies.of(operation.kind, place))
        for evaluation in operation.evaluates:
            if evaluation.name not in loaded:
                own = own.then(self.query(evaluation.name, place))
        template = self.facts.templates.get(operation.template or "")
        for inner in template.operations if template else ():
            once = self._at(replace(inner, template=None), place, loaded)
            own = own.then(once.times(max(1, inner.times)))
        return own

    def turns(self, body: tuple[Step, ...], outer: int) -> int:
        """How many turns a loop with that body makes, where it is come to `outer` times.

        What was recorded counts in the view's own code: a helper may be called from several places.
        """
        own = once_a_turn(body) if len(self._inside) == 1 else []
        return self.latencies.turns(own, outer)

    def query(self, label: str, place: Place | None = None) -> Forecast:
        """One query that a queryset makes when it is evaluated, at that place where it is known."""
        return _span(label, "query", self.latencies.of("query", place), "django_orm.iterate")


def _one(operation: Operation, latency: Latency) -> Forecast:
    if not latency.milliseconds:
        return NOTHING
    return _span(operation.label, operation.kind, latency, operation.entry)


def _span(label: str, kind: OperationKind, latency: Latency, entry: str) -> Forecast:
    length = latency.milliseconds
    return Forecast((Span(label, kind, 0.0, length, entry, latency.basis),), length, length)


class Walk:
    """One pass over a function's steps under its plan."""

    def __init__(self, predictor: Predictor, plan: FunctionPlan | None) -> None:
        self.predictor = predictor
        self.outer = 1
        groups = plan.groups if plan else ()
        self.groups: dict[str, list[Group]] = {}
        for group in groups:
            self.groups.setdefault(group.anchor, []).append(group)
        self.loops: dict[str, Loop] = {one.step: one for one in plan.loops} if plan else {}
        self.background = (
            {one.place for one in plan.awaits if one.form == "background"} if plan else set()
        )
        self.taken = steps_in(groups)
        self.loaded = frozenset(
            name for group in groups for one in group.branches for name in one.loads
        )

    def block(self, steps: tuple[Step, ...]) -> Paths:
        """The ways through the steps of a block."""
        by_id = {step.id: step for step in steps}
        result = Paths(NOTHING)
        for step in steps:
            for group in self.groups.get(step.id, ()):
                arms = [self.branch(one, by_id) for one in group.branches]
                result = result.then(Paths(together(arms)))
            if step.id not in self.taken:
                result = result.then(self.step(step))
            if step.kind in ("return", "raise"):
                result = Paths(None, dearer(result.on, result.out))
            if result.on is None:
                break
        return result

    def branch(self, branch: Branch, by_id: dict[str, Step]) -> Forecast:
        """One arm of a gather."""
        result = NOTHING
        for step_id in branch.steps:
            result = result.then(self.step(by_id[step_id]).dearest)
        return result.then(together([self.predictor.query(name) for name in branch.loads]))

    def step(self, step: Step) -> Paths:
        """A step's own operations, then what is inside it."""
        result = NOTHING
        for operation in step.operations:
            forecast = self.predictor.operation(operation, self.loaded)
            if operation.place in self.background:
                forecast = Forecast((), 0.0, forecast.weight)
            result = result.then(forecast)
        return Paths(result).then(self.inside(step))

    def inside(self, step: Step) -> Paths:
        """The ways through the blocks of a compound step."""
        match step.kind:
            case "for" | "while":
                return self.turns(step)
            case "if" | "match":
                arms = [self.block(one.steps) for one in step.blocks]
                if not any(one.kind == "orelse" for one in step.blocks):
                    arms.append(Paths(NOTHING))
                return reduce(Paths.beside, arms)
            case "define":
                return Paths(NOTHING)
            case _:
                blocks = (one for one in step.blocks if one.kind in ("body", "orelse", "finally"))
                parts = (self.block(one.steps) for one in blocks)
                return reduce(Paths.then, parts, Paths(NOTHING))

    def turns(self, step: Step) -> Paths:
        """A loop's turns; calls that start ahead of their turns are there together."""
        body = next((one.steps for one in step.blocks if one.kind == "body"), ())
        turns = self.predictor.turns(body, self.outer)
        self.outer *= turns
        paths = self.block(body)
        self.outer //= turns
        turn = paths.on or NOTHING
        loop = self.loops.get(step.id)
        if loop is not None:
            at_once = min(turns, loop.limit)
            turn, turns = together([turn] * at_once), ceil(turns / at_once)
        drawn = len(turn.spans) * turns <= DRAWN
        rounds = [turn] * turns if drawn else [turn.times(turns)]
        return Paths(reduce(Forecast.then, rounds, NOTHING), paths.out)


def once_a_turn(body: tuple[Step, ...]) -> list[Operation]:
    """The operations of a loop's body, without those of loops inside it."""
    found: list[Operation] = []
    for step in body:
        found.extend(step.operations)
        for block in step.blocks if step.kind not in ("for", "while") else ():
            found.extend(once_a_turn(block.steps))
    return found
