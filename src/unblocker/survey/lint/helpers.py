"""What a helper does whenever it is called, not only where a cache is empty or a branch is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unblocker.records.survey import Location, Operation, Step
    from unblocker.survey.world import Summary

_ALWAYS = frozenset({"with", "try"})
_BY_CALLER = "django_orm.deferred_column"
"""Whether a column was left out is known where the object is read, not in the helper."""


@dataclass(slots=True)
class Helpers:
    """The project's functions by `Function.id`, as the survey has read them."""

    summaries: dict[str, list[Summary]] = field(default_factory=dict)
    _known: dict[str, frozenset[Location]] = field(default_factory=dict)

    def add(self, summaries: Iterable[Summary]) -> None:
        """Take in what has been read."""
        for summary in summaries:
            self.summaries.setdefault(summary.code.id, []).append(summary)

    def surely_touches(self, operation: Operation) -> tuple[Location, ...]:
        """What the call of a helper reads or writes on its way, if nothing cuts it short."""
        places = (*operation.reads, *operation.writes)
        if operation.callee is None:
            return places
        sure = self._of(operation.callee)
        return tuple(place for place in places if place in sure)

    def _of(self, identity: str) -> frozenset[Location]:
        if identity not in self._known:
            self._known[identity] = frozenset()
            found = (self._in(one.steps) for one in self.summaries.get(identity, ()))
            self._known[identity] = frozenset().union(*found)
        return self._known[identity]

    def _in(self, steps: tuple[Step, ...]) -> frozenset[Location]:
        found: set[Location] = set()
        for step in steps:
            for operation in step.operations:
                if operation.certain and operation.entry != _BY_CALLER:
                    found.update(self.surely_touches(operation))
            if step.kind in _ALWAYS:
                bodies = (block.steps for block in step.blocks if block.kind == "body")
                found.update(place for body in bodies for place in self._in(body))
        return frozenset(found)
