"""U323: `async for` over what has no async iterator."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.looking import is_function
from unblocker.survey.names import is_generator
from unblocker.survey.values import Deferred, Manager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_BUILTINS = frozenset(
    {range, enumerate, zip, sorted, list, tuple, set, dict, map, filter, reversed}
)


def check(code: AsyncCode) -> Iterator[Hit]:
    """A list, a synchronous generator, a manager without `.all()`."""
    for node in code.nodes(ast.AsyncFor, ast.comprehension):
        if isinstance(node, ast.comprehension) and not node.is_async:
            continue
        what = _what(code, node.iter)
        if what:
            is_manager = what == "a manager"
            fix = f"async for … in {code.text(node.iter)}.all()" if is_manager else "for … in …"
            yield code.hit(node.iter, f"{code.text(node.iter)} is {what}: no async iterator", fix)


def _what(code: AsyncCode, rows: ast.expr) -> str:
    if isinstance(code.value(rows), Manager):
        return "a manager"
    if isinstance(rows, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp):
        return "in memory"
    if not isinstance(rows, ast.Call):
        return ""
    function = code.value(rows.func)
    if isinstance(function, Deferred) and isinstance(function.node, ast.FunctionDef):
        return "a synchronous generator" if is_generator(function.node) else ""
    target = code.callee(rows)
    if is_function(target) and inspect.isgeneratorfunction(target):
        return "a synchronous generator"
    return "in memory" if isinstance(target, type) and target in _BUILTINS else ""


RULE = Rule(
    "U323",
    "async for over a list, a manager or a synchronous generator",
    BOTH,
    check=check,
    invalid=(
        Example("async def names():\n    return [row.name async for row in Product.objects]\n"),
        Example(
            "async def numbers():\n"
            "    async for number in range(3):\n"
            "        await asyncio.sleep(number)\n"
        ),
        Example(
            "def rows():\n"
            "    yield 1\n"
            "\n"
            "\n"
            "async def numbers():\n"
            "    return [row async for row in rows()]\n"
        ),
    ),
    valid=(
        Example(
            "async def names():\n    return [row.name async for row in Product.objects.all()]\n"
        ),
        Example(
            "async def rows():\n"
            "    yield 1\n"
            "\n"
            "\n"
            "async def numbers():\n"
            "    return [row async for row in rows()]\n"
        ),
        Example(
            "async def names():\n"
            '    return [row async for row in Product.objects.values_list("name", flat=True)]\n'
        ),
        Example("async def every(rows):\n    return [row async for row in rows]\n"),
        Example("async def numbers():\n    return [number for number in range(3)]\n"),
    ),
)
