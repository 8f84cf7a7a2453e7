"""U312: `await` before something that can't be awaited."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import awaited_form
from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.values import Instance, Items, Manager, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """A queryset, a model instance, or a call of Django's that has another, async form."""
    for node in code.nodes(ast.Await):
        given = node.value
        if isinstance(code.value(given), QuerySet | Manager):
            text = f"{code.text(given)} is a queryset, which can't be awaited"
            yield code.hit(node, text, f"[row async for row in {code.text(given)}]")
        elif fix := awaited_form(code, given):
            yield code.hit(node, f"{code.called(given)}() can't be awaited: it is synchronous", fix)
        elif isinstance(code.value(given), Instance | Items) and not isinstance(given, ast.Call):
            yield code.hit(node, f"{code.text(given)} can't be awaited", "leave out the await")


RULE = Rule(
    "U312",
    "await before a queryset, or before a synchronous call of Django's",
    BOTH,
    check=check,
    invalid=(
        Example("async def cheap():\n    return await Product.objects.filter(price__lt=10)\n"),
        Example("async def every():\n    return await Product.objects.all()\n"),
        Example('async def first(product: Product):\n    await product.reviews.order_by("pk")\n'),
    ),
    valid=(
        Example("async def one(pk):\n    return await Product.objects.aget(pk=pk)\n"),
        Example("async def all_of():\n    return [row async for row in Product.objects.all()]\n"),
        Example(
            "async def in_thread():\n    return await sync_to_async(Product.objects.total_stock)()\n"
        ),
        Example("async def answer(coroutine):\n    return await coroutine\n"),
        Example(
            "def get(pk):\n"
            "    return Product.objects.aget(pk=pk)\n"
            "\n"
            "\n"
            "async def through(pk):\n"
            "    return await get(pk)\n"
        ),
    ),
)
