"""A function's operations, in program order and in short."""

from collections import Counter
from collections.abc import Iterable, Iterator

from unblocker.records.survey import Function, Operation, OperationKind, Step
from unblocker.report.figures import plural

_NOUNS: dict[OperationKind, tuple[str, ...]] = {
    "query": ("query", "queries"),
    "http": ("HTTP call",),
    "mail": ("mail",),
    "storage": ("storage call",),
    "cache": ("cache call",),
    "subprocess": ("subprocess", "subprocesses"),
    "sleep": ("sleep",),
    "cpu": ("computation",),
    "template": ("template",),
    "helper": ("helper",),
    "transaction": ("transaction",),
}


def operations(function: Function) -> Iterator[Operation]:
    """Every operation of the function's statements, in program order."""
    yield from _of_steps(function.steps)


def summary(found: Iterable[Operation]) -> str:
    """`3 queries, 1 call`: how many of each kind, in the order they first stand."""
    kinds = Counter(operation.kind for operation in found)
    return ", ".join(plural(number, *_NOUNS[kind]) for kind, number in kinds.items())


def _of_steps(steps: Iterable[Step]) -> Iterator[Operation]:
    for step in steps:
        yield from step.operations
        for block in step.blocks:
            yield from _of_steps(block.steps)
