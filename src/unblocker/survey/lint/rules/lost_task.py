"""U314: a task that nobody keeps."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_STOCK = "keep it in a set until it is done, or await it; under a server's shutdown it is lost all the same"
_OURS = "django_unblock.background(…)"


def check(code: AsyncCode) -> Iterator[Hit]:
    """The event loop holds tasks weakly: one without another reference can vanish before it is done."""
    for call in code.calls():
        if _makes_task(code, call) and _is_dropped(code, call):
            text = f"nothing keeps the task of {code.called(call)}(): it can vanish half done"
            yield code.hit(call, text, _OURS if code.setting.runtime == "unblock" else _STOCK)


def _makes_task(code: AsyncCode, call: ast.Call) -> bool:
    if code.callee(call) in (asyncio.create_task, asyncio.ensure_future):
        return True
    match call.func:
        case ast.Attribute(value=ast.Call() as made, attr="create_task"):
            return code.callee(made) in (asyncio.get_running_loop, asyncio.get_event_loop)
        case _:
            return False


def _is_dropped(code: AsyncCode, call: ast.Call) -> bool:
    match code.parent(call):
        case ast.Expr():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            uses = (
                node
                for node in ast.walk(code.node)
                if isinstance(node, ast.Name) and node.id == name
            )
            outside = (node for node in code.nodes(ast.Global, ast.Nonlocal) if name in node.names)
            is_read = any(isinstance(use.ctx, ast.Load) for use in uses)
            return not is_read and next(outside, None) is None
        case _:
            return False


_JOB = "async def job():\n    await asyncio.sleep(1)\n\n\n"

RULE = Rule(
    "U314",
    "a task whose result of create_task is not kept",
    BOTH,
    check=check,
    invalid=(
        Example(
            f"{_JOB}async def view(request):\n"
            "    asyncio.create_task(job())\n"
            "    return JsonResponse({})\n"
        ),
        Example(
            f"{_JOB}async def view(request):\n"
            "    task = asyncio.create_task(job())\n"
            "    return JsonResponse({})\n"
        ),
        Example(f"{_JOB}async def start():\n    asyncio.get_running_loop().create_task(job())\n"),
    ),
    valid=(
        Example(f"{_JOB}async def view(request):\n    await asyncio.create_task(job())\n"),
        Example(
            f"TASKS = set()\n\n\n{_JOB}async def view(request):\n"
            "    task = asyncio.create_task(job())\n"
            "    TASKS.add(task)\n"
            "    task.add_done_callback(TASKS.discard)\n"
        ),
        Example(
            f"{_JOB}async def view(request):\n"
            "    async with asyncio.TaskGroup() as group:\n"
            "        group.create_task(job())\n"
        ),
        Example(f"{_JOB}async def start():\n    return asyncio.create_task(job())\n"),
    ),
)
