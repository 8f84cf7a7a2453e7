"""U302: a query whose call has an async form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import awaited_form
from unblocker.survey.lint.rule import STOCK, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Terminals of querysets, writes of instances, lookups and logins, called as in synchronous code."""
    for node, operation in code.operations():
        fix = awaited_form(code, node) if operation.kind == "query" else ""
        if fix and not operation.entry.startswith("django_sessions."):
            yield code.hit(node, f"{code.called(node)}() queries in async code", fix)


RULE = Rule(
    "U302",
    "a query in async code, called synchronously",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def product(request, pk):\n"
            "    product = Product.objects.get(pk=pk)\n"
            '    return JsonResponse({"name": product.name})\n'
        ),
        Example(
            "async def product(request, pk):\n"
            "    product = get_object_or_404(Product, pk=pk)\n"
            '    return JsonResponse({"name": product.name})\n'
        ),
        Example(
            "async def rename(product: Product, name):\n"
            "    product.name = name\n"
            "    product.save()\n"
        ),
        Example("async def tag(product: Product, tag: Tag):\n    product.tags.add(tag)\n"),
        Example(
            "async def sign_in(request):\n"
            '    user = authenticate(request, username="a", password="b")\n'
            '    return JsonResponse({"known": user is not None})\n'
        ),
    ),
    valid=(
        Example(
            "async def product(request, pk):\n"
            "    product = await Product.objects.aget(pk=pk)\n"
            '    return JsonResponse({"name": product.name})\n'
        ),
        Example(
            "async def product(request, pk):\n"
            "    product = await aget_object_or_404(Product, pk=pk)\n"
            '    return JsonResponse({"name": product.name})\n'
        ),
        Example(
            "def product(request, pk):\n"
            "    product = Product.objects.get(pk=pk)\n"
            '    return JsonResponse({"name": product.name})\n'
        ),
        Example(
            "async def count(request):\n"
            "    def read():\n"
            "        return Product.objects.count()\n"
            "\n"
            '    return JsonResponse({"n": await sync_to_async(read)()})\n'
        ),
        Example(
            "@sync_to_async\n"
            "def read():\n"
            "    return Product.objects.count()\n"
            "\n"
            "\n"
            "async def count(request):\n"
            '    return JsonResponse({"n": await read()})\n'
        ),
        Example(
            'async def cheap():\n    return Product.objects.filter(price__lt=10).order_by("name")\n'
        ),
        Example(
            'async def settings(prices: dict):\n    return prices.get("usual"), [1, 2].count(1)\n'
        ),
    ),
)
