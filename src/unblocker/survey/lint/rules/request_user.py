"""U305: `request.user` in async code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import STOCK, Example, Rule
from unblocker.survey.values import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Its first use reads the session and the user, behind `login_required` too: that awaits `auser()`."""
    for node, operation in code.operations():
        if operation.entry == "django_auth.request_user":
            where = _user(code, node)
            text = f"{code.text(where)} reads the session and the user in async code"
            yield code.hit(where, text, f"await {_request(code, where)}.auser()")


def _user(code: AsyncCode, node: ast.expr) -> ast.expr:
    """The user in an expression that looks at it."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr == "user":
            value = code.value(inner)
            if isinstance(value, Instance) and value.deferred:
                return inner
    return node


def _request(code: AsyncCode, node: ast.expr) -> str:
    return code.text(node.value) if isinstance(node, ast.Attribute) else "request"


RULE = Rule(
    "U305",
    "request.user in async code",
    STOCK,
    check=check,
    invalid=(
        Example(
            "async def hello(request):\n"
            "    if not request.user.is_authenticated:\n"
            '        return redirect("/login/")\n'
            '    return JsonResponse({"hello": request.user.username})\n'
        ),
        Example(
            "@login_required\n"
            "async def orders(request):\n"
            '    return JsonResponse({"n": await Order.objects.filter(user=request.user).acount()})\n'
        ),
        Example(
            "class Orders(View):\n"
            "    async def get(self, request):\n"
            '        return JsonResponse({"id": request.user.pk})\n'
        ),
    ),
    valid=(
        Example(
            "async def hello(request):\n"
            "    user = await request.auser()\n"
            '    return JsonResponse({"hello": user.username})\n'
        ),
        Example('def hello(request):\n    return JsonResponse({"hello": request.user.username})\n'),
        Example(
            "async def hello(request):\n"
            "    name = await sync_to_async(lambda: request.user.username)()\n"
            '    return JsonResponse({"hello": name})\n'
        ),
        Example('async def hello(self):\n    return self.scope["user"].username\n'),
    ),
)
