"""U327: the session in async code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.awaitables import asynchronous_form
from unblocker.survey.lint.fixes import awaited_form
from unblocker.survey.lint.rule import STOCK, Example, Rule
from unblocker.survey.lint.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Its first use reads it, if it lives in the database; what was awaited before has read it."""
    for node, operation in code.operations():
        if operation.entry.startswith("django_sessions.") and tables_of(operation):
            text = f"{code.text(node)} reads the session in async code"
            yield code.hit(node, text, _fix(code, node))


def _fix(code: AsyncCode, node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return awaited_form(code, node) or "await sync_to_async(…)()"
    used = code.parent(node)
    if isinstance(used, ast.Attribute):
        name = asynchronous_form(code.value(used))
        return f"await {code.text(node)}.{name}(…)" if name else "await sync_to_async(…)()"
    return f"await {code.text(node)}.aget(…), .aset(…)"


RULE = Rule(
    "U327",
    "request.session in async code",
    STOCK,
    check=check,
    invalid=(
        Example('async def seen(request):\n    return JsonResponse({"n": request.session["n"]})\n'),
        Example(
            "async def seen(request):\n"
            '    return JsonResponse({"n": request.session.get("n", 0)})\n'
        ),
        Example("async def leave(request):\n    request.session.flush()\n"),
    ),
    valid=(
        Example(
            "async def seen(request):\n"
            '    return JsonResponse({"n": await request.session.aget("n", 0)})\n'
        ),
        Example(
            "async def seen(request):\n"
            "    user = await request.auser()\n"
            '    return JsonResponse({"n": request.session.get("n", 0), "user": user.pk})\n'
        ),
        Example(
            'async def seen(request):\n    return JsonResponse({"n": request.session["n"]})\n',
            settings='SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"',
        ),
        Example("async def keep(request):\n    request.session.modified = True\n"),
        Example("async def leave(request):\n    await request.session.aflush()\n"),
    ),
)
