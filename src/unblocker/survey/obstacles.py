"""What keeps a function from being rewritten."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unblocker.records.survey import Problem
from unblocker.survey.lambdas import NAME as LAMBDA

if TYPE_CHECKING:
    from unblocker.survey.world import Code

_DYNAMIC = frozenset({"locals", "vars", "exec", "eval", "globals"})


def obstacles(code: "Code", nested_io: list[ast.stmt]) -> Iterator[Problem]:
    """The reasons, each with its place."""
    if code.is_generator:
        yield Problem("U410", f"{code.name} is a generator", code.source.place(code.node))
    if code.node.name == LAMBDA:
        yield Problem("U432", "it is a lambda", code.source.place(code.node))
    for node in ast.walk(code.node) if _DYNAMIC & code.source.words else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _DYNAMIC
        ) and (node.func.id in ("locals", "exec", "eval") or not node.args):
            text = f"{code.name} calls {node.func.id}()"
            yield Problem("U411", text, code.source.place(node))
    for place in sorted({code.source.place(node) for node in nested_io}):
        yield Problem("U412", f"a function defined inside {code.name} does I/O", place)
