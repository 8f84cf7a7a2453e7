"""Loops: read until nothing is news, or item by item where they go over a few known objects of several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.records.survey import Block
from unblocker.survey.environment import meet_all
from unblocker.survey.merging import merge_steps
from unblocker.survey.values import Inert, Items, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from unblocker.survey.frame import Frame

_ROUNDS = 4
_MOST_ROUNDS = 40


def read_rounds(frame: Frame, body: Sequence[ast.stmt], start: Callable[[], None]) -> Block:
    """The loop's body, read until what it leaves behind is no news to its own beginning."""
    from unblocker.survey.statements import read_block

    before, outer_jumps = frame.env, frame.jumps
    head = before.copy()
    for _ in range(_ROUNDS):
        frame.env = head.copy()
        frame.env.age(before)
        start()
        frame.jumps = []
        block = read_block(frame, "body", body)
        new_head = meet_all([head, frame.env, *frame.jumps])
        if new_head == head:
            break
        head = new_head
    frame.env, frame.jumps = head, outer_jumps
    return block


def told_apart(frame: Frame, value: Value) -> tuple[Value, ...]:
    """The items of a loop that is read for each of them: a few, known, and not all of them data.

    None where loops around it are read so and together there would be many rounds, or where the code is a library's.
    """
    parts = value.parts or () if isinstance(value, Items) else ()
    if frame.is_library or len(parts) < 2 or len(parts) * frame.rounds > _MOST_ROUNDS:
        return ()
    return () if all(isinstance(part, Inert) for part in parts) else parts


def read_parts(
    frame: Frame, body: Sequence[ast.stmt], starts: Sequence[Callable[[], None]]
) -> Block:
    """The loop's body, read once for each item in turn."""
    from unblocker.survey.statements import read_block

    before, outer_jumps, ways, blocks = frame.env, frame.jumps, [], []
    outer_rounds, frame.rounds = frame.rounds, frame.rounds * len(starts)
    frame.env = before.copy()
    for start in starts:
        frame.env.age(before)
        frame.env.fetched &= before.fetched
        start()
        frame.jumps = []
        blocks.append(read_block(frame, "body", body))
        ways += frame.jumps
        frame.env = meet_all([frame.env, *frame.jumps])
    frame.env, frame.jumps = meet_all([frame.env, *ways]), outer_jumps
    frame.rounds = outer_rounds
    return Block("body", merge_steps([block.steps for block in blocks]))
