"""U318: queries in a thread of their own."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING

from unblocker.survey.awaitables import to_thread
from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.lint.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Each such thread opens a connection that nobody closes, and sees no transaction of the caller's."""
    for call, observed in code.observed.elsewhere.items():
        if not isinstance(call, ast.Call) or not _is_other(code, call):
            continue
        operations = [one for done in observed.operations.values() for one in done.values()]
        if any(tables_of(operation) for operation in operations):
            text = (
                f"{code.called(call)}(…) queries in a thread of its own, on a connection of its own"
            )
            yield code.hit(
                call, text, "await sync_to_async(function)(…), without thread_sensitive=False"
            )


def _is_other(code: AsyncCode, call: ast.Call) -> bool:
    if code.callee(call) is asyncio.to_thread:
        return True
    made = call.func
    return (
        isinstance(made, ast.Call)
        and to_thread(code.callee(made))
        and any(
            keyword.arg == "thread_sensitive"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in made.keywords
        )
    )


RULE = Rule(
    "U318",
    "queries through asyncio.to_thread or thread_sensitive=False",
    BOTH,
    check=check,
    invalid=(
        Example(
            "async def count():\n    return await asyncio.to_thread(Product.objects.total_stock)\n"
        ),
        Example(
            "def read():\n"
            "    return Product.objects.count()\n"
            "\n"
            "\n"
            "async def count():\n"
            "    return await sync_to_async(read, thread_sensitive=False)()\n"
        ),
    ),
    valid=(
        Example(
            "def read():\n"
            "    return Product.objects.count()\n"
            "\n"
            "\n"
            "async def count():\n"
            "    return await sync_to_async(read)()\n"
        ),
        Example(
            'async def rates():\n    return await asyncio.to_thread(requests.get, "https://a.example")\n'
        ),
        Example(
            "def double(n):\n"
            "    return n * 2\n"
            "\n"
            "\n"
            "async def four():\n"
            "    return await sync_to_async(double, thread_sensitive=False)(2)\n"
        ),
    ),
)
