"""A library's code, told where it is called: its steps without what only a rewrite of it would need."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.records.survey import Block, Operation, Step
from unblocker.survey.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from unblocker.records.places import Place

LIBRARY_CALL = "library.call"
"""The entry of an operation that only stands for the steps of a library's function, until they take its place."""

_LOOP_TURNS = 10


def told_by(
    steps: tuple[Step, ...], inlined: Mapping[str, tuple[Step, ...]], hook: str
) -> tuple[Step, ...]:
    """What of a library function's steps does I/O, with the steps of the library's functions that it calls inside.

    `inlined` are those, by the operation that stands for the call; `hook` is the function's name, which labels tell.
    """
    found: list[Step] = []
    for step in steps:
        found.extend(_headers(step, inlined, hook))
        blocks = tuple(
            Block(block.kind, inner)
            for block in step.blocks
            if (inner := told_by(block.steps, inlined, hook))
        )
        if step.kind in ("other", "try") and len(blocks) == 1 and blocks[0].kind == "body":
            found.extend(blocks[0].steps)
        elif blocks:
            found.append(_bare(step, (), blocks))
    return tuple(found)


def _headers(step: Step, inlined: Mapping[str, tuple[Step, ...]], hook: str) -> Iterator[Step]:
    own: list[Operation] = []
    for operation in step.operations:
        if operation.id not in inlined:
            own.append(replace(operation, label=_label(operation, hook)))
            continue
        if own:
            yield _bare(step, tuple(own), ())
            own = []
        for inner in inlined[operation.id]:
            yield _weakened(inner, operation)
    if own:
        yield _bare(step, tuple(own), ())


def _label(operation: Operation, hook: str) -> str:
    return operation.label if operation.callee else f"{hook}: {operation.label}"


def _bare(step: Step, operations: tuple[Operation, ...], blocks: tuple[Block, ...]) -> Step:
    kind = "expression" if step.kind in ("return", "assign") else step.kind
    return Step(
        step.id, step.place, kind if blocks or kind == "raise" else "expression", step.text,
        operations=operations, atomic=step.atomic, blocks=blocks,
    )  # fmt: skip


def _weakened(step: Step, call: Operation) -> Step:
    """A step of a function whose call may not happen, or happens several times."""
    if call.certain and call.times == 1:
        return step
    operations = tuple(
        replace(one, certain=one.certain and call.certain, times=one.times * call.times)
        for one in step.operations
    )
    blocks = tuple(
        Block(block.kind, tuple(_weakened(inner, call) for inner in block.steps))
        for block in step.blocks
    )
    return replace(step, operations=operations, blocks=blocks)


def flattened(steps: tuple[Step, ...], *, certain: bool = True) -> Iterator[Operation]:
    """The operations in order; those that a branch may skip are not certain, those in a loop happen several times."""
    for step in steps:
        for operation in step.operations:
            yield operation if certain else replace(operation, certain=False)
        is_loop = step.kind in ("for", "while")
        for block in step.blocks:
            surely = certain and step.kind in ("with", "try", "other") and block.kind == "body"
            for operation in flattened(block.steps, certain=surely):
                times = operation.times * _LOOP_TURNS
                yield replace(operation, times=times) if is_loop else operation


@dataclass(slots=True)
class Relocation:
    """Puts a library's steps at a place of the project's: a class statement, or a line of a URLconf."""

    place: Place
    _given: Counter[str] = field(default_factory=Counter)

    def steps(self, steps: tuple[Step, ...], text: str) -> tuple[Step, ...]:
        """The steps there, titled `text`, each of their operations without a call of its own, every id its own."""
        return tuple(self._step(step, text) for step in steps)

    def _step(self, step: Step, text: str) -> Step:
        return replace(
            step,
            id=self.identity("step"),
            place=self.place,
            text=text,
            operations=tuple(
                replace(
                    one, id=self.identity("operation"), place=self.place, implicit=True, whole=False, uses=()
                )
                for one in step.operations
            ),
            blocks=tuple(replace(block, steps=self.steps(block.steps, text)) for block in step.blocks),
        )  # fmt: skip

    def identity(self, kind: str) -> str:
        """The next id of a step or an operation at the place."""
        number = self._given[kind]
        self._given[kind] += 1
        start = f"{self.place.line}:{self.place.column}"
        return f"{start}.{number}" if number else start
