"""The account of one view: what it does in order, how each of that is reached, and why it stays in that order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from unblocker.config import Config
from unblocker.plan.apart import Apart, reasons_apart
from unblocker.plan.conversion import Converter
from unblocker.plan.dependence import is_understood
from unblocker.plan.facts import UNKNOWN_CALL, Facts, walk
from unblocker.records.account import Account, Conclusion, TypeFact, Via
from unblocker.records.places import Place
from unblocker.records.plan import Group, ViewPlan
from unblocker.records.survey import Block, Effect, Function, Operation, Step, Survey, View

type Lines = Callable[[Place], str]


def make_account(
    survey: Survey, plan: ViewPlan, config: Config, types: tuple[TypeFact, ...], line: Lines
) -> Account:
    """The account of the plan's view; `line` gives the source of a place, `types` what its locals hold."""
    view = next(one for one in survey.views if one.id == plan.view)
    facts = Facts(survey)
    teller = _Teller(facts, Converter(facts, config), types, line)
    handlers = _handlers(view, survey)
    listed = tuple(one for function in handlers for one in teller.function(function, ()))
    return Account(
        view=view.id,
        routes=view.routes,
        place=plan.place or view.place,
        decorators=view.decorators,
        conclusions=(*listed, *teller.called_back(view, listed)),
        problems=(*view.problems, *(one for function in handlers for one in function.obstacles)),
        verdict=plan.verdict,
        reasons=plan.reasons,
        prediction=plan.prediction,
    )


def _handlers(view: View, survey: Survey) -> tuple[Function, ...]:
    """The view's function; of a class the methods that answer requests, as far as they are its own."""
    first = next((one for one in survey.functions if one.id == view.function), None)
    if first is None:
        return ()
    if view.kind != "class":
        return (first,)
    owner = first.id.rpartition(".")[0]
    methods = (f"{owner}.{name}" for name in ("get", "post", "put", "patch", "delete"))
    by_id = {one.id: one for one in survey.functions}
    return tuple(by_id[one] for one in dict.fromkeys((first.id, *methods)) if one in by_id)


@dataclass(slots=True)
class _Teller:
    """Follows a view; a function that is called again is not told again."""

    facts: Facts
    converter: Converter
    types: tuple[TypeFact, ...]
    line: Lines
    told: set[str] = field(default_factory=set)

    def function(self, function: Function, via: tuple[Via, ...]) -> Iterator[Conclusion]:
        """What it does in order, what it calls and renders behind the call."""
        self.told.add(function.id)
        apart = reasons_apart(function.steps)
        plan = self.converter.convert(function).plan
        beside = _beside(plan.groups, function.steps)
        ahead = frozenset(loop.operation.place for loop in plan.loops)
        for step, unless in _walked(function.steps, ()):
            together = beside.get(step.id, ())
            for operation in step.operations:
                yield replace(
                    _conclusion(operation, via, step.text),
                    unless=unless,
                    facts=self._facts(function, operation),
                    beside=together,
                    ahead=operation.place in ahead,
                    apart=_apart(apart.get(step.id), together),
                )
                yield from self._beyond(operation, via)

    def _beyond(self, operation: Operation, via: tuple[Via, ...]) -> Iterator[Conclusion]:
        """What happens inside the function that is called, or the template that is rendered."""
        callee = self.facts.callee(operation)
        if callee is not None and callee.id not in self.told:
            name = callee.id.partition(":")[2]
            yield from self.function(callee, (*via, Via(name, operation.place)))
        inside = (*via, Via(operation.template or "", operation.place))
        template = self.facts.templates.get(operation.template or "")
        for one in template.operations if template else ():
            yield _conclusion(one, inside, self.line(one.place))

    def _facts(self, function: Function, operation: Operation) -> tuple[TypeFact, ...]:
        """What is known, here, of the locals that the operation reads."""
        latest: dict[str, TypeFact] = {}
        for one in self.types:
            if one.function == function.id and one.place.line <= operation.place.line:
                latest[one.name] = one
        return tuple(latest[name] for name in operation.uses if name in latest)

    def called_back(self, view: View, listed: tuple[Conclusion, ...]) -> Iterator[Conclusion]:
        """What Django calls back: signals, forms, overridden methods. No line of the view names it."""
        places = {one.place for one in listed}
        for position in view.effects:
            effect = self.facts.survey.effects[position]
            if effect.place not in places and effect.place.file.endswith(".py"):
                yield self._effect(effect)

    def _effect(self, effect: Effect) -> Conclusion:
        return Conclusion(
            place=effect.place,
            source=self.line(effect.place),
            label=effect.entry.rpartition(".")[2].replace("_", " "),
            kind=effect.kind,
            entry=effect.entry,
            reads=effect.reads,
            writes=effect.writes,
            raises=effect.raises,
            guard=effect.guard,
            called_back=True,
        )


def _conclusion(operation: Operation, via: tuple[Via, ...], source: str) -> Conclusion:
    return Conclusion(
        place=operation.place,
        source=source,
        label=operation.label,
        kind=operation.kind,
        entry=operation.entry,
        reads=operation.reads,
        writes=operation.writes,
        raises=operation.raises,
        via=via,
        guard=operation.guard,
        certain=operation.certain,
        times=operation.times,
        unknown=_unknown(operation),
    )


def _unknown(operation: Operation) -> str:
    """Why the operation may do anything; empty where it is understood."""
    if operation.entry == UNKNOWN_CALL:
        return f"{operation.label} is not the project's, and the catalog has no entry for it"
    if is_understood(operation):
        return ""
    if operation.callee:
        return "something that it calls is not known"
    return "what it is called on, or with, is not known"


def _walked(
    steps: tuple[Step, ...], unless: tuple[str, ...]
) -> Iterator[tuple[Step, tuple[str, ...]]]:
    """The steps in program order, with the headers of what decides about them."""
    for step in steps:
        yield step, unless
        for block in step.blocks:
            yield from _walked(block.steps, (*unless, *_header(step, block)))


def _header(step: Step, block: Block) -> Iterator[str]:
    """What decides whether the block runs, in words; nothing where it always does."""
    where = f"`{step.text}` in line {step.place.line}"
    if step.kind in ("with", "try") and block.kind in ("body", "finally"):
        return
    match block.kind:
        case "orelse":
            yield f"else of {where}"
        case "handler":
            yield f"a handler of {where}"
        case _:
            yield where


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
