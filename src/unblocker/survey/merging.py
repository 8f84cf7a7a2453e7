"""Code that was read more than once, for other objects: what it does, told as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.replacing import replace

if TYPE_CHECKING:
    from unblocker.records.survey import Operation, Step


def merge_steps(readings: list[tuple[Step, ...]]) -> tuple[Step, ...]:
    """Several readings of the same statements, of a method for each kind of receiver, laid over each other."""
    merged = readings[0]
    for other in readings[1:]:
        merged = tuple(_merge_step(one, two) for one, two in zip(merged, other, strict=True))
    return merged


def _merge_step(one: Step, other: Step) -> Step:
    operations = {operation.id: operation for operation in one.operations}
    for operation in other.operations:
        same = operations.get(operation.id)
        operations[operation.id] = operation if same is None else merge_operations(same, operation)
    return replace(
        one,
        operations=tuple(sorted(operations.values(), key=_end)),
        mutates=tuple(dict.fromkeys([*one.mutates, *other.mutates])),
        effects=tuple(dict.fromkeys([*one.effects, *other.effects])),
        lazy=tuple({lazy.name: lazy for lazy in (*one.lazy, *other.lazy)}.values()),
        transparent=one.transparent and other.transparent,
        blocks=tuple(
            replace(left, steps=merge_steps([left.steps, right.steps]))
            for left, right in zip(one.blocks, other.blocks, strict=True)
        ),
    )


def merge_operations(one: Operation, other: Operation) -> Operation:
    """The two as one; a call that calls now this function, now that, calls nobody in particular."""
    merged = replace(
        one,
        reads=tuple(sorted({*one.reads, *other.reads})),
        writes=tuple(sorted({*one.writes, *other.writes})),
        raises=tuple(dict.fromkeys([*one.raises, *other.raises])),
        guard=one.guard or other.guard,
    )
    if one.callee == other.callee:
        return merged
    return replace(merged, entry="unknown.call", kind="helper", callee=None)


def _end(operation: Operation) -> tuple[int, int]:
    """Where an operation's expression ends: inner ones, which run first, end first."""
    return operation.place.end_line, operation.place.end_column
