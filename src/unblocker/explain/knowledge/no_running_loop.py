"""`no running event loop`: asyncio's functions called from synchronous code."""

import ast
import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(r"no running event loop|There is no current event loop in thread")
_STARTING = frozenset({"create_task", "ensure_future"})


def _advise(case: Case) -> Advice:
    why = "This needs the event loop of its own thread. Here none runs: it is synchronous code, or a worker thread."
    spot = case.spot
    call = (
        next((one for one in spot.expressions() if isinstance(one, ast.Call)), None)
        if spot
        else None
    )
    if spot is None or call is None:
        return Advice(
            why,
            (Fix("Wait for the coroutine from synchronous code.", "async_to_sync(function)(…)"),),
        )
    if name_of(call.func) in _STARTING and call.args and isinstance(call.args[0], ast.Call):
        inner = call.args[0]
        function = spot.segment(inner.func)
        waited = f"async_to_sync({function}){spot.segment(inner)[len(function) :]}"
        rest = spot.segment(inner)[len(function) + 1 : -1]
        later = f"background({function}{', ' + rest if rest else ''})"
        fixes = (
            Fix(
                "Wait for it here (`from asgiref.sync import async_to_sync`).",
                rewritten(spot, call, waited),
            ),
            Fix(
                "Or have it done behind the response, with django-unblock's `background`.",
                rewritten(spot, call, later),
            ),
        )
        return Advice(why, fixes, call)
    fix = Fix("Wait for the coroutine from synchronous code.", "async_to_sync(function)(…)")
    return Advice(why, (fix,), call)


ENTRY = Entry(
    code="U351",
    title="no event loop runs here",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "create_task",
            code="""\
import asyncio


async def notify():
    await asyncio.sleep(0.1)


def save():
    asyncio.create_task(notify())


def main():
    save()
""",
            expression="asyncio.create_task(notify())",
            fix="async_to_sync(notify)()",
            run="script",
        ),
        Example(
            "get_event_loop",
            code="""\
import asyncio
from concurrent.futures import ThreadPoolExecutor


def work():
    loop = asyncio.get_event_loop()
    loop.run_until_complete(asyncio.sleep(0))


def main():
    with ThreadPoolExecutor() as threads:
        threads.submit(work).result()
""",
            expression="asyncio.get_event_loop()",
            fix="async_to_sync(function)(…)",
            run="script",
        ),
    ),
)
