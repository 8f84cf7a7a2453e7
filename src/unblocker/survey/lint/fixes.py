"""The lines that say what to write instead."""

import ast

from unblocker.survey.awaitables import asynchronous_form
from unblocker.survey.lint.async_code import AsyncCode


def awaited_form(code: AsyncCode, call: ast.expr) -> str:
    """`await Product.objects.aget(…)` for `Product.objects.get(…)`; empty where Django has no such form."""
    if not isinstance(call, ast.Call):
        return ""
    name = asynchronous_form(code.value(call.func))
    if not name:
        return ""
    return f"await {_with_last_name(code, call.func, name)}{arguments(call)}"


def in_thread(code: AsyncCode, call: ast.expr) -> str:
    """The call in a thread, as stock Django has it done."""
    if isinstance(call, ast.Call):
        return f"await sync_to_async({code.text(call.func)}){arguments(call)}"
    return f"await sync_to_async(lambda: {code.text(call)})()"


def arguments(call: ast.Call) -> str:
    """`()`, or `(…)` where there are some."""
    return "(…)" if call.args or call.keywords else "()"


def _with_last_name(code: AsyncCode, function: ast.expr, name: str) -> str:
    owner = f"{code.text(function.value)}." if isinstance(function, ast.Attribute) else ""
    return f"{owner}{name}"
