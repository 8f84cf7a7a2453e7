"""A function's operations, in program order and in short."""

from collections import Counter
from collections.abc import Iterable, Iterator

from unblocker.records.survey import Function, Operation, Step


def operations(function: Function) -> Iterator[Operation]:
    """Every operation of the function's statements, in program order."""
    yield from _of_steps(function.steps)


def summary(found: Iterable[Operation]) -> str:
    """`3 query, 1 http`: how many of each kind, in the order they first stand."""
    kinds = Counter(operation.kind for operation in found)
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items())


def _of_steps(steps: Iterable[Step]) -> Iterator[Operation]:
    for step in steps:
        yield from step.operations
        for block in step.blocks:
            yield from _of_steps(block.steps)
