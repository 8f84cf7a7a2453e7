"""U316: `sync_to_async` around what has an async form."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.awaitables import asynchronous_form, to_thread
from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """The async form says the same in fewer words, and under our runtime it needs no thread."""
    for call in code.calls():
        if to_thread(code.callee(call)) and call.args:
            function = call.args[0]
            name = asynchronous_form(code.value(function))
            if name:
                text = f"{code.text(function)} in a thread: it has the async form {name}"
                yield code.hit(call, text, f"await {_owner(code, function)}{name}(…)")


def _owner(code: AsyncCode, function: ast.expr) -> str:
    return f"{code.text(function.value)}." if isinstance(function, ast.Attribute) else ""


RULE = Rule(
    "U316",
    "sync_to_async around what has an async form",
    BOTH,
    check=check,
    invalid=(
        Example("async def one(pk):\n    return await sync_to_async(Product.objects.get)(pk=pk)\n"),
        Example("async def save(product: Product):\n    await sync_to_async(product.save)()\n"),
        Example(
            "async def one(pk):\n"
            "    return await sync_to_async(get_object_or_404)(Product, pk=pk)\n"
        ),
        Example(
            "async def count():\n"
            "    count = sync_to_async(Product.objects.filter(stock=0).count)\n"
            "    return await count()\n"
        ),
    ),
    valid=(
        Example("async def one(pk):\n    return await Product.objects.aget(pk=pk)\n"),
        Example(
            "async def every():\n    return await sync_to_async(list)(Product.objects.all())\n"
        ),
        Example(
            "async def valid(request):\n"
            "    form = TagForm(request.POST)\n"
            "    return await sync_to_async(form.is_valid)()\n"
        ),
        Example(
            "def helper():\n"
            "    return Product.objects.count()\n"
            "\n"
            "\n"
            "async def count():\n"
            "    return await sync_to_async(helper)()\n"
        ),
        Example(
            "async def total():\n    return await sync_to_async(Product.objects.total_stock)()\n"
        ),
    ),
)
