"""U304: a relation, or a column left out, that is read when it is looked at."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import in_thread
from unblocker.survey.lint.rule import STOCK, Example, Rule
from unblocker.survey.names import parameters, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Foreign keys, one-to-ones from either side, generic ones, and deferred columns."""
    for node, operation in code.operations():
        if _is_lazy(code, node, operation.entry):
            text = f"{code.text(node)} queries in async code ({operation.label})"
            yield code.hit(node, text, _fix(code, node, operation.entry))


def _is_lazy(code: AsyncCode, node: ast.expr, entry: str) -> bool:
    """Of a column of a parameter's object nothing is known: every caller may read it in its own way."""
    if entry != "django_orm.deferred_column":
        return entry == "django_orm.relation"
    return root_name(node) not in parameters(code.node.args)


def _fix(code: AsyncCode, node: ast.expr, entry: str) -> str:
    if entry == "django_orm.deferred_column":
        return "name the column in only(), or don't defer() it"
    name = node.attr if isinstance(node, ast.Attribute) else "…"
    return f'select_related("{name}") where the object is read, or {in_thread(code, node)}'


_REVIEW = "    review = await Review.objects.aget(pk=pk)\n"

RULE = Rule(
    "U304",
    "a lazy relation or a deferred column in async code",
    STOCK,
    check=check,
    invalid=(
        Example(f"async def name(pk):\n{_REVIEW}    return review.product.name\n"),
        Example(
            "async def phone(pk):\n"
            "    user = await User.objects.aget(pk=pk)\n"
            "    return user.profile.phone\n"
        ),
        Example(
            "async def names():\n"
            "    return [product.category.name async for product in Product.objects.all()]\n"
        ),
        Example(
            "async def price(pk):\n"
            '    product = await Product.objects.only("name").aget(pk=pk)\n'
            "    return product.price\n"
        ),
        Example(
            "async def category(request):\n"
            "    user = await request.auser()\n"
            "    return user.profile.phone\n"
        ),
        Example(
            "async def parent(pk):\n"
            "    first, second = await asyncio.gather(Category.objects.aget(pk=pk), fetch_rates())\n"
            "    return first.parent\n"
            "\n"
            "\n"
            "async def fetch_rates():\n"
            "    await asyncio.sleep(1)\n"
        ),
    ),
    valid=(
        Example(
            "async def name(pk):\n"
            '    review = await Review.objects.select_related("product").aget(pk=pk)\n'
            "    return review.product.name\n"
        ),
        Example(f"async def name(pk):\n{_REVIEW}    return review.product_id, review.rating\n"),
        Example(
            f"async def name(pk):\n{_REVIEW}"
            "    return await sync_to_async(lambda: review.product.name)()\n"
        ),
        Example(
            "async def add(pk):\n"
            "    product = await Product.objects.aget(pk=pk)\n"
            "    review = await Review.objects.acreate(product=product, rating=1)\n"
            "    return review.product.name\n"
        ),
        Example(
            f"async def move(pk, product: Product):\n{_REVIEW}"
            "    review.product = product\n"
            "    return review.product.name\n"
        ),
        Example("async def name(review: Review):\n    return review.product.name\n"),
        Example(
            "async def reviews(product: Product):\n"
            "    return [review.product.name async for review in product.reviews.all()]\n"
        ),
        Example(
            "async def count(pk):\n"
            "    product = await Product.objects.aget(pk=pk)\n"
            "    return await product.reviews.acount()\n"
        ),
    ),
)
