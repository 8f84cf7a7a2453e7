"""U303: a queryset that is read by being used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import in_thread
from unblocker.survey.lint.rule import STOCK, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.survey import Operation
    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_FIXES = {
    "list": "[row async for row in {}]",
    "consume": "[row async for row in {}]",
    "length": "await {}.acount()",
    "truth": "await {}.aexists()",
    "truth_of": "await {}.aexists()",
    "iterator": "async for row in {}.aiterator()",
}
_READERS = frozenset(
    {"enumerate", "zip", "map", "filter", "iter", "next", "reversed", "sorted", "join", "extend"}
)


def check(code: AsyncCode) -> Iterator[Hit]:
    """Loops, `list`, `len`, `bool`, `in`, an index, a paginator's count."""
    for node, operation in code.operations():
        family, _, name = operation.entry.partition(".")
        if family == "django_orm" and _is_read(code, node, name):
            what = f"{code.text(node)} is read in async code ({operation.label})"
            yield code.hit(node, what, _fix(code, node, name, operation))


def _is_read(code: AsyncCode, node: ast.expr, name: str) -> bool:
    if name == "iterate":
        return _loops(code, node)
    return name in _FIXES or name in ("membership", "index", "paginate")


def _loops(code: AsyncCode, node: ast.expr) -> bool:
    """Whether the queryset is surely gone through here; what else it is handed to may only keep it."""
    match code.parent(node):
        case ast.For(iter=rows) | ast.comprehension(iter=rows):
            return rows is node
        case ast.Subscript(slice=ast.Slice(step=ast.expr())):
            return True
        case ast.Call(func=function, args=given) if node in given:
            return code.text(function).rpartition(".")[2] in _READERS
        case ast.Starred():
            return True
        case _:
            return False


def _fix(code: AsyncCode, node: ast.expr, name: str, operation: Operation) -> str:
    rows = node
    if isinstance(node, ast.Call) and name in ("list", "length", "truth_of", "consume"):
        rows = node.args[0]
    if name == "iterator" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        rows = node.func.value
    match name:
        case "iterate" if isinstance(code.parent(node), ast.For | ast.comprehension):
            return f"async for … in {code.text(node)}"
        case "iterate":
            return f"[row async for row in {code.text(node)}]"
        case "membership":
            return "await ….acontains(…)"
        case "index" if isinstance(node, ast.Subscript):
            return f"await {code.text(node.value)}.afirst(), or [row async for row in …]"
        case "paginate":
            return in_thread(code, node)
        case _:
            del operation
            return _FIXES[name].format(code.text(rows))


RULE = Rule(
    "U303",
    "a queryset that async code reads by using it",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def names():\n"
            "    found = []\n"
            "    for product in Product.objects.all():\n"
            "        found.append(product.name)\n"
            "    return found\n"
        ),
        Example(
            "async def names():\n"
            "    return [product.name for product in Product.objects.filter(stock=0)]\n"
        ),
        Example("async def everything():\n    return list(Product.objects.all())\n"),
        Example(
            "async def total():\n"
            "    products = Product.objects.filter(stock=0)\n"
            "    return len(products)\n"
        ),
        Example(
            "async def missing():\n"
            "    if not Product.objects.filter(stock=0):\n"
            '        return "nothing is missing"\n'
        ),
        Example('async def newest():\n    return Product.objects.order_by("-pk")[0]\n'),
        Example("async def every_second():\n    return Product.objects.all()[::2]\n"),
        Example(
            "async def has(product: Product):\n"
            "    return product in Product.objects.filter(stock=0)\n"
        ),
        Example(
            "@sync_to_async\n"
            "def find():\n"
            "    return Product.objects.filter(stock=0)\n"
            "\n"
            "\n"
            "async def names():\n"
            "    products = await find()\n"
            "    return [product.name for product in products]\n"
        ),
    ),
    valid=(
        Example(
            "async def names():\n"
            "    return [product.name async for product in Product.objects.all()]\n"
        ),
        Example(
            "async def names():\n"
            "    found = []\n"
            "    async for product in Product.objects.all().aiterator():\n"
            "        found.append(product.name)\n"
            "    return found\n"
        ),
        Example(
            "async def names():\n"
            "    products = Product.objects.all()\n"
            "    await sync_to_async(list)(products)\n"
            "    return [product.name for product in products]\n"
        ),
        Example(
            "async def some():\n"
            "    products = Product.objects.all()[:5]\n"
            "    return [product.name async for product in products]\n"
        ),
        Example(
            "async def some(names: list):\n"
            '    return [len(name) for name in names], names[0], "a" in names, bool(names)\n'
        ),
        Example(
            "async def inside():\n"
            "    stocked = Product.objects.filter(stock__gt=0)\n"
            "    return await Review.objects.filter(product__in=stocked).acount()\n"
        ),
        Example(
            "@sync_to_async\n"
            "def find():\n"
            "    return list(Product.objects.filter(stock=0))\n"
            "\n"
            "\n"
            "async def names():\n"
            "    return [product.name for product in await find()]\n"
        ),
        Example(
            "async def names():\n"
            "    found = [product async for product in Product.objects.all()]\n"
            "    return [product.name for product in found], len(found)\n"
        ),
        Example(
            "async def show(request):\n"
            '    return TemplateResponse(request, "shop/list.html", {"products": Product.objects.all()})\n'
        ),
    ),
)
