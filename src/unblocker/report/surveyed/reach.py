"""What a view does to the outside world, through its helpers and templates too.

The functions' records tell it in order, with loops. What Django calls back (receivers of signals, forms, overridden
methods) and the further methods of a class are in no function's record of the view; its effects have them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from unblocker.records.places import Place
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

_TURNS = ("for", "while")
_LOGIN = ("django_auth.request_user", "django_sessions.")


@dataclass(frozen=True, slots=True)
class Reached:
    """One operation of a view.

    Attributes:
        depth: how many helpers and templates it lies within.
        repeated: it stands in a loop, or runs for each row that a template shows.
        per_row: the latter: an N+1.
        again: a helper whose operations stand further up; they are not listed a second time.
        login: it loads the session or the user, which nearly every view does and which is not counted.
        called_back: Django calls it: a signal's receiver, a form's method, an overridden method, …
    """

    label: str
    kind: OperationKind
    place: Place
    depth: int = 0
    repeated: bool = False
    per_row: bool = False
    again: bool = False
    login: bool = False
    called_back: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many operations of each kind, the login left out; `repeated` are those that run once per turn or row."""

    total: Counter[OperationKind] = field(default_factory=Counter)
    repeated: Counter[OperationKind] = field(default_factory=Counter)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.total + other.total, self.repeated + other.repeated)

    def in_a_loop(self) -> "Tally":
        """The same, all of it once per turn."""
        return Tally(self.total, self.total)


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

    def tally(self, view: View) -> Tally:
        """How much of each kind the view does in all; a call inside a cycle counts as nothing."""
        beyond = (one for one in self.of(view) if one.called_back)
        return sum(map(_one, beyond), self._tally(view.function))

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
            if effect.place not in places and not (listed and in_template):
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
        own = () if operation.callee else (_reached(operation, 0, repeated),)
        found = self._tally(operation.callee)
        parts = (_one(each) for each in (*own, *self._rendered(operation, 0, repeated)))
        return sum(parts, found.in_a_loop() if repeated else found)

    def _listed(
        self, function: Function, depth: int, seen: set[str], *, repeated: bool
    ) -> Iterator[Reached]:
        for operation, looped in _operations(function.steps):
            often = repeated or looped
            helper = self.functions.get(operation.callee or "")
            again = helper is not None and helper.id in seen
            yield _reached(operation, depth, often, again)
            if helper is not None and not again:
                seen.add(helper.id)
                yield from self._listed(helper, depth + 1, seen, repeated=often)
            yield from self._rendered(operation, depth + 1, often)

    def _rendered(
        self, operation: Operation, depth: int, repeated: bool = False
    ) -> Iterator[Reached]:
        """What happens while a template is rendered: querysets of the context, then the template's own."""
        for queryset in operation.evaluates:
            yield Reached(f"rows of {queryset.name}", "query", operation.place, depth, repeated)
        template = self.templates.get(operation.template or "")
        for inner in template.operations if template else ():
            yield _reached(inner, depth, repeated)


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


def _one(reached: Reached) -> Tally:
    one = Tally() if reached.login else Tally(Counter({reached.kind: 1}))
    return one.in_a_loop() if reached.repeated else one


def _reached(operation: Operation, depth: int, repeated: bool, again: bool = False) -> Reached:
    per_row = operation.times > 1
    return Reached(
        operation.label,
        operation.kind,
        operation.place,
        depth,
        repeated or per_row,
        per_row,
        again,
        operation.entry.startswith(_LOGIN),
    )
