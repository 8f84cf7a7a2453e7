"""U317: a thread for something that does no I/O: it only builds a queryset."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.catalog import find_entry
from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.values import Awaitable, Deferred, InThread, Manager, Method, QuerySet, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """`sync_to_async(Product.objects.filter)(…)`: the query runs later, in async code again."""
    for call in code.calls():
        callee = code.value(call.func)
        if isinstance(callee, InThread) and _only_builds(callee.callee, code.value(call)):
            text = f"{code.text(call)} only builds a queryset in the thread: its query runs later"
            yield code.hit(call, text, "build it here; await its a-method, or use `async for`")


def _only_builds(function: Value, returned: Value) -> bool:
    match function:
        case Method(receiver=QuerySet() | Manager(), name=name):
            return name in _builders()
        case Deferred(node=ast.Lambda(body=ast.Call())):
            rows = returned.returns if isinstance(returned, Awaitable) else returned
            return isinstance(rows, QuerySet) and not rows.evaluated
        case _:
            return False


def _builders() -> frozenset[str]:
    entry = find_entry("django_orm.build")
    return frozenset(call.rpartition(".")[2] for call in entry.calls) if entry else frozenset()


RULE = Rule(
    "U317",
    "sync_to_async around filter() or all(), which do not query",
    BOTH,
    check=check,
    invalid=(
        Example(
            "async def cheap():\n"
            "    return await sync_to_async(Product.objects.filter)(price__lt=10)\n"
        ),
        Example("async def every():\n    return await sync_to_async(Product.objects.all)()\n"),
        Example(
            "async def cheap():\n"
            "    return await sync_to_async(lambda: Product.objects.filter(price__lt=10))()\n"
        ),
    ),
    valid=(
        Example(
            "async def every():\n    return await sync_to_async(list)(Product.objects.all())\n"
        ),
        Example(
            "async def every():\n"
            "    return await sync_to_async(lambda: list(Product.objects.all()))()\n"
        ),
        Example("async def cheap():\n    return Product.objects.filter(price__lt=10)\n"),
        Example(
            "async def total():\n    return await sync_to_async(Product.objects.total_stock)()\n"
        ),
    ),
)
