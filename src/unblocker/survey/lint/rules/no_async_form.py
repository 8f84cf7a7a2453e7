"""U307: something that queries and has no async form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import awaited_form, in_thread
from unblocker.survey.lint.rule import STOCK, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_OTHER_RULES = frozenset(
    {
        "django_orm.iterate", "django_orm.list", "django_orm.length", "django_orm.truth", "django_orm.truth_of",
        "django_orm.consume", "django_orm.membership", "django_orm.index", "django_orm.paginate",
        "django_orm.iterator", "django_orm.relation", "django_orm.deferred_column", "django_auth.request_user",
        "django_sessions.load", "django_sessions.store",
    }
)  # fmt: skip


def check(code: AsyncCode) -> Iterator[Hit]:
    """Forms, paginators, cursors, permissions of older Djangos."""
    for node, operation in code.operations():
        if operation.kind != "query" or operation.entry in _OTHER_RULES:
            continue
        if not awaited_form(code, node):
            text = f"{operation.label} queries in async code and has no async form"
            yield code.hit(node, text, in_thread(code, node))


RULE = Rule(
    "U307",
    "forms, paginators, cursors: queries without an async form",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def add(request):\n"
            "    form = TagForm(request.POST)\n"
            '    return JsonResponse({"ok": form.is_valid()})\n'
        ),
        Example(
            "async def add(request):\n"
            "    form = ReviewForm(request.POST)\n"
            "    await sync_to_async(form.is_valid)()\n"
            "    form.save()\n"
        ),
        Example(
            "async def page(request):\n"
            '    paginator = Paginator(Product.objects.order_by("pk"), 10)\n'
            "    return paginator.get_page(2)\n"
        ),
        Example(
            "async def raw():\n"
            "    with connection.cursor() as cursor:\n"
            '        cursor.execute("SELECT 1")\n'
        ),
    ),
    valid=(
        Example(
            "async def add(request):\n"
            "    form = TagForm(request.POST)\n"
            '    return JsonResponse({"ok": await sync_to_async(form.is_valid)()})\n'
        ),
        Example(
            "async def add(request):\n"
            "    form = PlainForm(request.POST)\n"
            '    return JsonResponse({"ok": form.is_valid()})\n'
        ),
        Example(
            "async def page(request):\n"
            "    paginator = Paginator([1, 2, 3], 10)\n"
            "    return paginator.get_page(2)\n"
        ),
        Example(
            "async def raw():\n"
            "    def read():\n"
            "        with connection.cursor() as cursor:\n"
            '            cursor.execute("SELECT 1")\n'
            "            return cursor.fetchone()\n"
            "\n"
            "    return await sync_to_async(read)()\n"
        ),
    ),
)
