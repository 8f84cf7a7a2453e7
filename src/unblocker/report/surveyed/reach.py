"""What a view does to the outside world, through its helpers and templates too.

The functions' records tell it in order, with loops. What Django calls back (receivers of signals, forms, overridden
methods) and the further methods of a class are in no function's record of the view; its effects have them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from unblocker.records.survey import (
    Effect,
    Function,
    Operation,
    OperationKind,
    Step,
    Survey,
    Template,
    View,
)
from unblocker.report.surveyed.reached import Reached, Tally, one_of

_TURNS = ("for", "while")
_LOGIN = ("django_auth.request_user", "django_sessions.")


@dataclass(slots=True)
class Reach:
    """Follows the views of one survey into what they call and render."""

    functions: dict[str, Function]
    templates: dict[str, Template]
    effects: tuple[Effect, ...] = ()
    _tallies: dict[str, Tally] = field(default_factory=dict)

    def of(self, view: View) -> tuple[Reached, ...]:
        """The view's operations in program order, those of a helper below its first call; what is called back last."""
        found = self.functions.get(view.function or "")
        listed = tuple(self._listed(found, 0, {found.id}, repeated=False)) if found else ()
        return (*listed, *self._called_back(view, listed))

    def tally(self, view: View, listed: tuple[Reached, ...]) -> Tally:
        """How much of each kind the view does in all; a call inside a cycle counts as nothing.

        `listed` are its operations. Of `helper` it has the places at which unknown code is called.
        """
        found = sum((one_of(one) for one in listed if one.called_back), self._tally(view.function))
        unknown: Counter[OperationKind] = Counter(
            {"helper": len({one.place for one in listed if one.unknown})}
        )
        return Tally(found.total + unknown, found.repeated)

    def files(self, view: View) -> frozenset[str]:
        """The files of the view, of all helpers that it reaches and of what is called back."""
        waiting, seen = [view.function or ""], dict[str, str]()
        while waiting:
            found = self.functions.get(waiting.pop())
            if found is not None and found.id not in seen:
                seen[found.id] = found.place.file
                waiting.extend(each.callee or "" for each, _ in _operations(found.steps))
        own = {view.place.file} if view.place else set[str]()
        return frozenset({*own, *seen.values(), *(one.place.file for one in self._effects(view))})

    def _effects(self, view: View) -> Iterator[Effect]:
        return (self.effects[position] for position in view.effects)

    def _called_back(self, view: View, listed: tuple[Reached, ...]) -> Iterator[Reached]:
        """The effects that are not listed; of a template's, those of querysets that it is given are."""
        places = {one.place for one in listed}
        for effect in self._effects(view):
            in_template = not effect.place.file.endswith(".py")
            if effect.kind == "helper" or effect.place in places or (listed and in_template):
                continue
            label = " ".join((effect.entry.rpartition(".")[2], *_names(effect)))
            login = effect.entry.startswith(_LOGIN)
            yield Reached(label, effect.kind, effect.place, login=login, called_back=True)

    def _tally(self, function: str | None) -> Tally:
        found = self.functions.get(function or "")
        if found is None:
            return Tally()
        if found.id not in self._tallies:
            self._tallies[found.id] = Tally()
            parts = (self._counted(each, repeated) for each, repeated in _operations(found.steps))
            self._tallies[found.id] = sum(parts, Tally())
        return self._tallies[found.id]

    def _counted(self, operation: Operation, repeated: bool) -> Tally:
        found = self._tally(operation.callee) + one_of(self._reached(operation))
        found += Tally(Counter({"query": len(operation.evaluates)}))
        inner = (self._counted(each, repeated=False) for each in self._in_template(operation))
        found = sum(inner, found)
        return found.in_a_loop() if repeated or operation.times > 1 else found

    def _listed(
        self, function: Function, depth: int, seen: set[str], *, repeated: bool
    ) -> Iterator[Reached]:
        for operation, looped in _operations(function.steps):
            yield from self._with_inner(operation, depth, seen, repeated=repeated or looped)

    def _with_inner(
        self, operation: Operation, depth: int, seen: set[str], *, repeated: bool
    ) -> Iterator[Reached]:
        """The operation, and behind it what happens in the helper that it calls or the template that it renders."""
        helper = self.functions.get(operation.callee or "")
        again = helper is not None and helper.id in seen
        reached = self._reached(operation, depth, repeated=repeated)
        yield replace(reached, again=again)
        if helper is not None and not again:
            seen.add(helper.id)
            yield from self._listed(helper, depth + 1, seen, repeated=reached.repeated)
        for rows in operation.evaluates:
            label = f"rows of {rows.name}"
            yield Reached(label, "query", operation.place, depth + 1, reached.repeated)
        for inner in self._in_template(operation):
            yield from self._with_inner(inner, depth + 1, seen, repeated=reached.repeated)

    def _reached(self, operation: Operation, depth: int = 0, *, repeated: bool = False) -> Reached:
        often = operation.times > 1
        is_call = operation.kind == "helper"
        is_login = operation.entry.startswith(_LOGIN)
        asks = bool(self._tally(operation.callee).total) if is_call else not is_login
        return Reached(
            operation.label,
            operation.kind,
            operation.place,
            depth,
            repeated=repeated or often,
            per_row=often and asks,
            unknown=is_call and operation.callee not in self.functions,
            login=is_login,
        )

    def _in_template(self, operation: Operation) -> tuple[Operation, ...]:
        """What the template does by itself; what a template renders in turn is not followed, so that it ends."""
        template = self.templates.get(operation.template or "")
        return tuple(replace(one, template=None) for one in template.operations) if template else ()


def reach_of(survey: Survey) -> Reach:
    """Ready to follow the survey's functions."""
    return Reach(
        {function.id: function for function in survey.functions},
        {template.name: template for template in survey.templates},
        survey.effects,
    )


def _operations(steps: Iterable[Step], repeated: bool = False) -> Iterator[tuple[Operation, bool]]:
    """The operations of the steps and of what is inside them; and whether they stand in a loop."""
    for step in steps:
        for operation in step.operations:
            yield operation, repeated
        for block in step.blocks:
            turns = step.kind in _TURNS and block.kind == "body"
            yield from _operations(block.steps, repeated or turns)


def _names(effect: Effect) -> tuple[str, ...]:
    """The tables or hosts of the effect."""
    places = effect.writes or effect.reads
    return tuple(dict.fromkeys(place.name for place in places if place.name != "*"))
