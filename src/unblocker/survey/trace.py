"""What a call of a function may do in all: its own operations, those of the templates it renders, of all it calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.records.survey import Effect
from unblocker.survey.library_steps import LIBRARY_CALL
from unblocker.survey.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unblocker.records.places import Place
    from unblocker.records.survey import Operation
    from unblocker.survey.world import Summary


type Effects = dict[tuple[Place, str], Effect]
type Way = tuple[Summary, Place | None]


@dataclass(slots=True)
class Trace:
    """What was seen while one function was read, in templates too, and whom it calls, Django's callbacks included."""

    effects: dict[tuple[Place, str], Effect] = field(default_factory=dict)
    callees: dict[Summary, None] = field(default_factory=dict)

    def note(self, operation: Operation) -> None:
        """An operation of the function itself or of a template; a call of a function stands for nothing of its own."""
        if operation.entry in ("project.call", LIBRARY_CALL):
            return
        key = operation.place, operation.entry
        effect = _effect(operation)
        known = self.effects.get(key)
        self.effects[key] = effect if known is None else _joined(known, effect)


def reached(summaries: Iterable[Summary]) -> tuple[Effect, ...]:
    """The effects of these functions and of everything that they call, by place."""
    found: Effects = {}
    _gather(found, [(summary, None) for summary in summaries])
    return _in_order(found)


def reached_from(traces: Iterable[Trace], place: Place) -> tuple[Effect, ...]:
    """The effects of a view that a library's methods carry out: theirs stand at `place`, where the project makes it."""
    found: Effects = {}
    waiting: list[Way] = []
    for trace in traces:
        for effect in trace.effects.values():
            _add(found, effect)
        waiting += [(callee, place) for callee in trace.callees]
    _gather(found, waiting)
    return _in_order(found)


def _gather(found: Effects, waiting: list[Way]) -> None:
    """Follow each way once: a library's function that the project's code calls is told there, not where it stands."""
    met = set(waiting)
    while waiting:
        summary, place = waiting.pop()
        code, trace = summary.code, summary.outcome.trace
        for effect in trace.effects.values():
            if not code.is_library or effect.place.file != code.source.name:
                _add(found, effect)
            elif place is not None:
                _add(found, replace(effect, place=place))
        here = place if code.is_library else None
        new = [way for callee in trace.callees if (way := (callee, here)) not in met]
        met.update(new)
        waiting += new


def _add(found: Effects, effect: Effect) -> None:
    key = effect.place, effect.entry
    known = found.get(key)
    found[key] = effect if known is None else _joined(known, effect)


def _in_order(found: Effects) -> tuple[Effect, ...]:
    return tuple(sorted(found.values(), key=lambda effect: (effect.place, effect.entry)))


def _effect(operation: Operation) -> Effect:
    return Effect(
        operation.place,
        operation.entry,
        operation.kind,
        operation.reads,
        operation.writes,
        operation.raises,
        operation.guard,
    )


def _joined(one: Effect, other: Effect) -> Effect:
    if one == other:
        return one
    return replace(
        one,
        reads=tuple(sorted({*one.reads, *other.reads})),
        writes=tuple(sorted({*one.writes, *other.writes})),
        raises=tuple(dict.fromkeys([*one.raises, *other.raises])),
        guard=one.guard or other.guard,
    )
