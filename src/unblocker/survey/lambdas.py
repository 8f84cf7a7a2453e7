"""A lambda as a function definition: its body is what it returns."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FunctionType

    from unblocker.survey.sources import Source

NAME = "<lambda>"


def lambda_definition(source: Source, function: FunctionType) -> tuple[str, ast.FunctionDef] | None:
    """The lambda's name, with its line, and its definition; None where another one stands on the same line."""
    line = function.__code__.co_firstlineno
    found = [
        one for one in ast.walk(source.tree) if isinstance(one, ast.Lambda) and one.lineno == line
    ]
    if len(found) != 1:
        return None
    node = found[0]
    answer = ast.copy_location(ast.Return(node.body), node.body)
    definition = ast.FunctionDef(NAME, node.args, [answer], [], None, None, [])
    return f"{NAME}:{line}", ast.copy_location(definition, node)
