"""U308: `transaction.atomic` around async code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.transaction import Atomic, atomic

from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_IN_THREAD = "put the block into a function and await sync_to_async(function)(…)"
_OURS = "async with django_unblock.aatomic():"


def check(code: AsyncCode) -> Iterator[Hit]:
    """As a decorator it commits before the coroutine has begun; as a block it fails in stock Django."""
    ours = code.setting.runtime == "unblock"
    for node, target in code.decorators():
        if target is atomic or isinstance(target, Atomic):
            text = "@atomic ends its transaction before the coroutine begins"
            yield code.hit(node, text, "@django_unblock.aatomic" if ours else _IN_THREAD)
    if ours:
        return
    for node, operation in code.operations():
        if operation.entry == "django_transactions.atomic":
            text = f"{code.called(node)} begins a transaction in async code"
            yield code.hit(node, text, _IN_THREAD)


RULE = Rule(
    "U308",
    "transaction.atomic in async code",
    BOTH,
    check=check,
    invalid=(
        Example(
            "async def order():\n"
            "    with transaction.atomic():\n"
            "        await Order.objects.acreate(total=1)\n"
        ),
        Example(
            "@transaction.atomic\nasync def order():\n    await Order.objects.acreate(total=1)\n"
        ),
        Example(
            "@transaction.atomic()\nasync def order():\n    await Order.objects.acreate(total=1)\n"
        ),
    ),
    valid=(
        Example(
            "@sync_to_async\n"
            "@transaction.atomic\n"
            "def save():\n"
            "    return Order.objects.create(total=1)\n"
            "\n"
            "\n"
            "async def order():\n"
            "    return await save()\n"
        ),
        Example(
            "async def order():\n"
            "    def save():\n"
            "        with transaction.atomic():\n"
            "            return Order.objects.create(total=1)\n"
            "\n"
            "    return await sync_to_async(save)()\n"
        ),
        Example(
            "async def order():\n"
            "    async with aatomic():\n"
            "        return await Order.objects.acreate(total=1)\n"
        ),
    ),
)
