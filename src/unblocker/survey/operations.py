"""An operation before it is put on record: it has no place yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.records.places import Place
from unblocker.records.survey import Evaluation, Location, Operation, OperationKind

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN_LOCATION = Location("unknown")
NOWHERE = Place("", 0, 0, 0, 0)


def operation(
    entry: str,
    kind: OperationKind,
    label: str,
    *,
    reads: Iterable[Location] = (),
    writes: Iterable[Location] = (),
    raises: tuple[str, ...] = (),
    guard: bool = False,
    implicit: bool = False,
    callee: str | None = None,
    template: str | None = None,
    evaluates: tuple[Evaluation, ...] = (),
    times: int = 1,
) -> Operation:
    """An operation that has not been given its place yet."""
    return Operation(
        id="",
        place=NOWHERE,
        entry=entry,
        kind=kind,
        label=label,
        reads=tuple(sorted(set(reads))),
        writes=tuple(sorted(set(writes))),
        raises=raises,
        guard=guard,
        implicit=implicit,
        callee=callee,
        template=template,
        evaluates=evaluates,
        times=times,
    )
