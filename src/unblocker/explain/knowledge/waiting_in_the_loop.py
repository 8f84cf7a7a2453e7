"""Waiting for a coroutine synchronously, in the thread of a running loop: nobody would be left to run it."""

import ast
import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import from_outside
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"cannot use AsyncToSync in the same thread as an async event loop"
    r"|asyncio\.run\(\) cannot be called from a running event loop|This event loop is already running"
    r"|Cannot run the event loop while another loop is running|Runner\.run\(\) cannot be called"
)
_WAITING = frozenset({"run", "run_until_complete"})


def _advise(case: Case) -> Advice:
    why = "The event loop of this thread is running this very code, so it can't also run the coroutine meanwhile."
    found = _waiting(case.spot) if case.spot else None
    if case.spot is None or found is None:
        return Advice(why, (Fix("Await the coroutine instead."),))
    whole, coroutine = found
    fix = Fix("Await it instead.", rewritten(case.spot, whole, f"await {coroutine}"))
    if case.spot.is_async is not False:
        return Advice(why, (fix,), whole)
    own = Fix(
        f"Make `{case.spot.function}` an `async def`, await it there, and await `{case.spot.function}`.",
        fix.code,
    )
    return Advice(why, (own, *from_outside(case)), whole)


def _waiting(spot: Spot) -> tuple[ast.Call, str] | None:
    """The call that waits, and the coroutine's own call."""
    for one in spot.expressions():
        match one:
            case ast.Call(func=ast.Call(func=wrapper, args=[function, *_]) as inner) if (
                name_of(wrapper) == "async_to_sync"
            ):
                arguments = spot.segment(one)[len(spot.segment(inner)) :]
                return one, f"{spot.segment(function)}{arguments}"
            case ast.Call(func=func, args=[coroutine, *_]) if name_of(func) in _WAITING:
                return one, spot.segment(coroutine)
            case _:
                continue
    return None


ENTRY = Entry(
    code="U352",
    title="waiting inside the running event loop",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "async_to_sync",
            code="""\
from asgiref.sync import async_to_sync
from django.http import HttpResponse


async def load():
    return "loaded"


async def view(request):
    return HttpResponse(async_to_sync(load)())
""",
            expression="async_to_sync(load)()",
            fix="return HttpResponse(await load())",
        ),
        Example(
            "run",
            code="""\
import asyncio

from django.http import HttpResponse


async def load():
    return "loaded"


def text():
    return asyncio.run(load())


async def view(request):
    return HttpResponse(text())
""",
            expression="asyncio.run(load())",
            fix="return await load()",
        ),
        Example(
            "run_until_complete",
            code="""\
import asyncio

from django.http import HttpResponse


async def load():
    return "loaded"


async def view(request):
    loop = asyncio.get_event_loop()
    return HttpResponse(loop.run_until_complete(load()))
""",
            expression="loop.run_until_complete(load())",
            fix="return HttpResponse(await load())",
        ),
    ),
)
