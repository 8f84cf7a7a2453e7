"""The account of one view: what it does in order, how each of that is reached, and why it stays in that order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from unblocker.config import Config
from unblocker.plan.conversion import Converter
from unblocker.plan.dependence import is_understood
from unblocker.plan.facts import UNKNOWN_CALL, Facts
from unblocker.plan.ordering import order_in
from unblocker.records.account import Account, Conclusion, TypeFact, Via
from unblocker.records.places import Place
from unblocker.records.plan import ViewPlan
from unblocker.records.survey import Block, Effect, Function, Operation, Step, Survey, View

type Lines = Callable[[Place], str]


def make_account(
    survey: Survey, plan: ViewPlan, config: Config, types: tuple[TypeFact, ...], line: Lines
) -> Account:
    """The account of the plan's view; `line` gives the source of a place, `types` what its locals hold."""
    view = next(one for one in survey.views if one.id == plan.view)
    facts = Facts(survey)
    teller = _Teller(facts, Converter(facts, config), types, line)
    function = facts.functions.get(view.function or "")
    listed = tuple(teller.function(function, ())) if function else ()
    return Account(
        view=view.id,
        routes=view.routes,
        place=plan.place or view.place,
        decorators=view.decorators,
        conclusions=(*listed, *teller.called_back(view, listed)),
        problems=(*view.problems, *(function.obstacles if function else ())),
        verdict=plan.verdict,
        reasons=plan.reasons,
        prediction=plan.prediction,
    )


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
        order = order_in(function, self.converter)
        for step, unless in _walked(function.steps, ()):
            for operation in step.operations:
                found = replace(
                    _conclusion(operation, via, step.text),
                    unless=unless,
                    facts=self._facts(function, operation),
                )
                yield order.put_on(found, step, operation)
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
            yield from self._beyond(one, inside)

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
