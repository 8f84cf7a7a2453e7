"""What a call of a function may do in all: its own operations, those of the templates it renders, of all it calls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from unblocker.records.survey import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unblocker.records.places import Place
    from unblocker.records.survey import Operation
    from unblocker.survey.world import Summary


@dataclass(slots=True)
class Trace:
    """What was seen while one function was read, in templates too, and whom it calls, Django's callbacks included."""

    effects: dict[tuple[Place, str], Effect] = field(default_factory=dict)
    callees: dict[Summary, None] = field(default_factory=dict)

    def note(self, operation: Operation) -> None:
        """An operation of the function itself or of a template; a call of a function stands for nothing of its own."""
        if operation.entry == "project.call":
            return
        key = operation.place, operation.entry
        effect = _effect(operation)
        known = self.effects.get(key)
        self.effects[key] = effect if known is None else _joined(known, effect)


def reached(summaries: Iterable[Summary]) -> tuple[Effect, ...]:
    """The effects of these functions and of everything that they call, by place."""
    found: dict[tuple[Place, str], Effect] = {}
    waiting = list(summaries)
    met = set(waiting)
    while waiting:
        trace = waiting.pop().outcome.trace
        for key, effect in trace.effects.items():
            known = found.get(key)
            found[key] = effect if known is None else _joined(known, effect)
        new = [callee for callee in trace.callees if callee not in met]
        met.update(new)
        waiting += new
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
