"""Using a value that is one of a few: each of them in turn, and what is done told as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey.joining import choices_of, join_all
from unblocker.survey.merging import merge_operations
from unblocker.survey.values import Either, Page, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from unblocker.records.survey import Operation
    from unblocker.survey.frame import Frame

type Operations = dict[str, Operation]


def each(frame: Frame, choices: tuple[Value, ...], use: Callable[[Value], Value]) -> Value:
    """What `use` makes of a value that is one of these; what it does is put on record as one operation.

    Where they do not do the same, the operation is none that could be written in another way.
    """
    if len(choices) == 1:
        return use(choices[0])
    return join_all(list(in_turn(frame, choices, use)))


def in_turn(
    frame: Frame, values: tuple[Value, ...], use: Callable[[Value], Value]
) -> tuple[Value, ...]:
    """What `use` makes of each of the values; what it does with all of them is put on record as one operation."""
    outer, branch = frame.record.operations, frame.branch
    found: list[Value] = []
    done: list[Operations] = []
    for at, one in enumerate(values):
        frame.record.operations, frame.branch = {}, f"{branch}~{at}"
        found.append(use(one))
        done.append(frame.record.operations)
    frame.record.operations, frame.branch = outer, branch
    outer.update(_together(done))
    return tuple(found)


def is_choice(value: Value) -> bool:
    """Whether it is one of a few values, or a page of one of a few querysets."""
    return isinstance(value, Either) or (
        isinstance(value, Page) and isinstance(value.items, Either)
    )


def possible(value: Value) -> tuple[Value, ...]:
    """The values that this may be; a page of one of a few querysets is a page of any of them."""
    if isinstance(value, Page):
        return tuple(replace(value, items=items) for items in choices_of(value.items))
    return choices_of(value)


def _together(done: list[Operations]) -> Operations:
    merged: Operations = {}
    for operations in done:
        for key, operation in operations.items():
            merged[key] = merge_operations(merged[key], operation) if key in merged else operation
    if all(operations.keys() == merged.keys() for operations in done):
        return merged
    return {
        key: replace(operation, certain=False, implicit=True) for key, operation in merged.items()
    }
