"""U313: an async name that Django does not have."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from unblocker.survey import models as facts
from unblocker.survey.awaitables import class_of, is_coroutine_function
from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.looking import static_attribute
from unblocker.survey.values import Instance, Manager, Method, QuerySet, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """`afilter`, `aall`, `user.aprofile`: an `a` before a name that has no async form."""
    for node in code.nodes(ast.Attribute):
        receiver = code.value(node.value)
        if isinstance(node.ctx, ast.Load) and _is_missing(receiver, node.attr):
            text = f"{code.text(node.value)} has no attribute {node.attr}"
            yield code.hit(node, text, _fix(receiver, node.attr[1:]))


def _is_missing(receiver: Value, name: str) -> bool:
    if not name.startswith("a") or not isinstance(receiver, QuerySet | Manager | Instance):
        return False
    cls = class_of(receiver)
    if _has(cls, name) or _has(cls, "__getattr__") or is_coroutine_function(Method(receiver, name)):
        return False
    if isinstance(receiver, Instance):
        fields = facts.relations(cls).keys() | facts.columns(cls)
        return name not in fields and (name[1:] in fields or _has(cls, name[1:]))
    return _has(cls, name[1:])


def _has(cls: type, name: str) -> bool:
    return static_attribute(cls, name) is not inspect.Parameter.empty


def _fix(receiver: Value, name: str) -> str:
    if isinstance(receiver, Instance):
        return f'select_related("{name}"), or await sync_to_async(lambda: ….{name})()'
    return f"….{name}(…) does not query: no await; then `async for`, or await ….aget() and the like"


RULE = Rule(
    "U313",
    "afilter, aall, user.aprofile: names that Django does not have",
    BOTH,
    check=check,
    invalid=(
        Example("async def cheap():\n    return await Product.objects.afilter(price__lt=10)\n"),
        Example("async def every():\n    return [row async for row in Product.objects.aall()]\n"),
        Example(
            "async def joined():\n"
            '    return await Review.objects.order_by("pk").aselect_related("product").afirst()\n'
        ),
        Example(
            "async def phone(pk):\n"
            "    user = await User.objects.aget(pk=pk)\n"
            "    return await user.aprofile\n"
        ),
    ),
    valid=(
        Example("async def one(pk):\n    return await Product.objects.aget(pk=pk)\n"),
        Example('async def total():\n    return await Product.objects.aaggregate(n=Count("pk"))\n'),
        Example('async def noted():\n    return Product.objects.annotate(n=Count("pk"))\n'),
        Example("async def known():\n    return Product.objects.available().aexists\n"),
        Example("async def add(product: Product, tag: Tag):\n    await product.tags.aadd(tag)\n"),
        Example(
            "async def save(product: Product):\n    product.apple = 1\n    return product.apple\n"
        ),
    ),
)
