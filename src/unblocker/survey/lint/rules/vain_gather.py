"""U315: `asyncio.gather` over queries of the stock ORM."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import STOCK, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """All of them run in the same thread, one after the other: four queries of 100 ms take 400 ms."""
    for call in code.calls():
        if code.callee(call) is asyncio.gather and _only_queries(code, call.args):
            text = (
                "gather() overlaps no queries: Django runs them in one thread, one after the other"
            )
            fix = (
                "django-unblock's engine and asgi application overlap them; else write plain awaits"
            )
            yield code.hit(call, text, fix)


def _only_queries(code: AsyncCode, given: list[ast.expr]) -> bool:
    several = len(given) > 1 or any(isinstance(one, ast.Starred) for one in given)
    return several and all(_is_query(code, one) for one in given)


def _is_query(code: AsyncCode, node: ast.expr) -> bool:
    match node:
        case ast.Starred(value=ast.GeneratorExp(elt=inner) | ast.ListComp(elt=inner)):
            return _is_query(code, inner)
        case ast.Starred(value=ast.List(elts=inners) | ast.Tuple(elts=inners)):
            return all(_is_query(code, inner) for inner in inners)
        case ast.Call() if code.is_coroutine(node):
            done = code.observed.operations.get(node, {}).values()
            return bool(done) and all(operation.kind == "query" for operation in done)
        case _:
            return False


RULE = Rule(
    "U315",
    "asyncio.gather over the stock ORM, which overlaps nothing",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def numbers():\n"
            "    return await asyncio.gather(Product.objects.acount(), Order.objects.acount())\n"
        ),
        Example(
            "async def some(ids):\n"
            "    return await asyncio.gather(*[Product.objects.aget(pk=pk) for pk in ids])\n"
        ),
    ),
    valid=(
        Example(
            "async def rates():\n"
            "    await asyncio.sleep(1)\n"
            "\n"
            "\n"
            "async def numbers():\n"
            "    return await asyncio.gather(Product.objects.acount(), rates())\n"
        ),
        Example(
            "async def numbers():\n"
            "    return await Product.objects.acount(), await Order.objects.acount()\n"
        ),
        Example(
            "async def pause():\n    await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))\n"
        ),
        Example("async def every(tasks):\n    return await asyncio.gather(*tasks)\n"),
    ),
)
