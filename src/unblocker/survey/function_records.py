"""From what was read of a function to its record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.records.survey import Function, Operation, Reference, Step
from unblocker.survey.names import parameters
from unblocker.survey.obstacles import obstacles
from unblocker.survey.source_decorators import source_decorators

if TYPE_CHECKING:
    from unblocker.survey.world import Summary, World


def function_record(
    world: World, group: list[Summary], references: tuple[Reference, ...]
) -> Function:
    """The record of a function from its summaries, one for each kind of receiver."""
    code = group[0].code
    return Function(
        id=code.id,
        name=code.node.name,
        place=code.source.place(code.node),
        parameters=parameters(code.node.args),
        steps=() if code.id in world.unread else _merge([summary.steps for summary in group]),
        is_async=code.is_async,
        is_method=code.owner is not None,
        decorators=source_decorators(world, code),
        reads=tuple(
            sorted(
                {
                    place
                    for summary in group
                    for place in summary.outcome.reads | summary.outcome.shared
                }
            )
        ),
        writes=tuple(
            sorted(
                {
                    place
                    for summary in group
                    for place in summary.outcome.writes | summary.outcome.effects
                }
            )
        ),
        raises=tuple(sorted({name for summary in group for name in summary.outcome.raises})),
        references=references,
        obstacles=tuple(
            obstacles(code, [node for summary in group for node in summary.outcome.nested_io])
        ),
    )


def _merge(readings: list[tuple[Step, ...]]) -> tuple[Step, ...]:
    """One reading of a method for each kind of receiver, laid over each other."""
    merged = readings[0]
    for other in readings[1:]:
        merged = tuple(_merge_steps(one, two) for one, two in zip(merged, other, strict=True))
    return merged


def _merge_steps(one: Step, other: Step) -> Step:
    operations = {operation.id: operation for operation in one.operations}
    for operation in other.operations:
        same = operations.get(operation.id)
        operations[operation.id] = operation if same is None else _merge_operations(same, operation)
    return replace(
        one,
        operations=tuple(sorted(operations.values(), key=_end)),
        mutates=tuple(dict.fromkeys([*one.mutates, *other.mutates])),
        effects=tuple(dict.fromkeys([*one.effects, *other.effects])),
        lazy=tuple({lazy.name: lazy for lazy in (*one.lazy, *other.lazy)}.values()),
        transparent=one.transparent and other.transparent,
        blocks=tuple(
            replace(left, steps=_merge([left.steps, right.steps]))
            for left, right in zip(one.blocks, other.blocks, strict=True)
        ),
    )


def _merge_operations(one: Operation, other: Operation) -> Operation:
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
