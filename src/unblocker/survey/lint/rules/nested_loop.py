"""U324: `async_to_sync` in async code."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING

from asgiref.sync import AsyncToSync, async_to_sync

from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Both raise RuntimeError where a loop runs; our runtime waits for `async_to_sync` through the bridge."""
    ours = code.setting.runtime == "unblock"
    for call in code.calls():
        made = call.func
        if code.callee(call) is asyncio.run:
            yield code.hit(
                call, "asyncio.run() in async code: a loop runs already", _fix(code, call)
            )
        elif (
            isinstance(made, ast.Call)
            and code.callee(made) in (async_to_sync, AsyncToSync)
            and not ours
        ):
            yield code.hit(
                call, "async_to_sync() in async code: a loop runs already", _fix(code, made)
            )


def _fix(code: AsyncCode, call: ast.Call) -> str:
    return f"await {code.text(call.args[0])}" if call.args else "await it"


RULE = Rule(
    "U324",
    "async_to_sync or asyncio.run in async code",
    BOTH,
    check=check,
    invalid=(
        Example(
            "async def job():\n"
            "    await asyncio.sleep(1)\n"
            "\n"
            "\n"
            "async def view(request):\n"
            "    async_to_sync(job)()\n"
        ),
        Example(
            "async def job():\n"
            "    await asyncio.sleep(1)\n"
            "\n"
            "\n"
            "async def view(request):\n"
            "    asyncio.run(job())\n"
        ),
    ),
    valid=(
        Example(
            "async def job():\n"
            "    await asyncio.sleep(1)\n"
            "\n"
            "\n"
            "def view(request):\n"
            "    async_to_sync(job)()\n"
        ),
        Example(
            "async def job():\n"
            "    await asyncio.sleep(1)\n"
            "\n"
            "\n"
            "async def view(request):\n"
            "    def inside():\n"
            "        async_to_sync(job)()\n"
            "\n"
            "    await sync_to_async(inside)()\n"
        ),
    ),
)
