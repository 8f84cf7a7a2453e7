"""U306: a template that queries while it is rendered in async code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import in_thread
from unblocker.survey.lint.rule import STOCK, Example, Rule
from unblocker.survey.lint.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_LATER = "django_shortcuts.template_response"


def check(code: AsyncCode) -> Iterator[Hit]:
    """`render` and `render_to_string`; a `TemplateResponse` is rendered by Django, in a thread."""
    for node, operation in code.operations():
        tables = tables_of(operation)
        if operation.kind == "template" and operation.entry != _LATER and tables:
            text = f"rendering {operation.template or 'the template'} reads {tables} in async code"
            yield code.hit(node, text, in_thread(code, node))


RULE = Rule(
    "U306",
    "a template that queries, rendered in async code",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def products(request):\n"
            '    context = {"products": Product.objects.all()}\n'
            '    return render(request, "lint/products.html", context)\n'
        ),
        Example(
            "async def review(request, pk):\n"
            "    review = await Review.objects.aget(pk=pk)\n"
            '    return render(request, "lint/review.html", {"review": review})\n'
        ),
        Example('async def hello(request):\n    return render(request, "lint/hello.html")\n'),
    ),
    valid=(
        Example(
            "async def products(request):\n"
            "    products = [product async for product in Product.objects.all()]\n"
            '    return render(request, "lint/products.html", {"products": products})\n'
        ),
        Example(
            "async def products(request):\n"
            '    context = {"products": Product.objects.all()}\n'
            '    return await sync_to_async(render)(request, "lint/products.html", context)\n'
        ),
        Example(
            "async def review(request, pk):\n"
            '    review = await Review.objects.select_related("product").aget(pk=pk)\n'
            '    return render(request, "lint/review.html", {"review": review})\n'
        ),
        Example(
            "async def products(request):\n"
            '    context = {"products": Product.objects.all()}\n'
            '    return TemplateResponse(request, "lint/products.html", context)\n'
        ),
    ),
)
