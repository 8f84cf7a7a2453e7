"""U322: a streaming response over a synchronous iterator."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from django.http import FileResponse, StreamingHttpResponse

from unblocker.survey.lint.rule import STOCK, Example, Rule
from unblocker.survey.looking import is_function
from unblocker.survey.names import is_generator
from unblocker.survey.values import Deferred, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Under ASGI Django reads all of it before it sends the first part."""
    for call in code.calls():
        target = code.callee(call)
        if _is_stream(target) and call.args and _is_synchronous(code, call.args[0]):
            text = f"{code.text(call.args[0])} is read to its end before the first part is sent"
            yield code.hit(
                call.args[0], text, "an async generator: `async def`, `async for`, `yield`"
            )


def _is_stream(target: object) -> bool:
    if not isinstance(target, type) or issubclass(target, FileResponse):
        return False
    return issubclass(target, StreamingHttpResponse)


def _is_synchronous(code: AsyncCode, node: ast.expr) -> bool:
    if isinstance(node, ast.GeneratorExp):
        return not any(part.is_async for part in node.generators)
    if isinstance(code.value(node), QuerySet):
        return True
    if not isinstance(node, ast.Call):
        return False
    function = code.value(node.func)
    if isinstance(function, Deferred) and isinstance(function.node, ast.FunctionDef):
        return is_generator(function.node)
    target = code.callee(node)
    return is_function(target) and inspect.isgeneratorfunction(target)


RULE = Rule(
    "U322",
    "a streaming response over a synchronous iterator",
    STOCK,
    check=check,
    invalid=(
        Example(
            "def rows():\n"
            '    yield "a"\n'
            '    yield "b"\n'
            "\n"
            "\n"
            "async def export(request):\n"
            "    return StreamingHttpResponse(rows())\n"
        ),
        Example(
            "async def export(request):\n"
            "    return StreamingHttpResponse(str(n) for n in range(1000))\n"
        ),
        Example(
            "async def export(request):\n"
            "    def rows():\n"
            '        yield "a"\n'
            "\n"
            '    return StreamingHttpResponse(rows(), content_type="text/plain")\n'
        ),
    ),
    valid=(
        Example(
            "async def rows():\n"
            "    async for product in Product.objects.all():\n"
            "        yield product.name\n"
            "\n"
            "\n"
            "async def export(request):\n"
            "    return StreamingHttpResponse(rows())\n"
        ),
        Example(
            "async def export(request):\n"
            "    return StreamingHttpResponse(row.name async for row in Product.objects.all())\n"
        ),
        Example(
            "def rows():\n"
            '    yield "a"\n'
            "\n"
            "\n"
            "def export(request):\n"
            "    return StreamingHttpResponse(rows())\n"
        ),
        Example("async def export(request, rows):\n    return StreamingHttpResponse(rows)\n"),
    ),
)
