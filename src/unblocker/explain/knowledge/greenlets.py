"""Errors of greenlets, and of what is built on them."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"[Cc]annot switch to a different thread|greenlet_spawn has not been called|can't call await_only\(\) here"
    r"|would block forever|Impossible to call blocking function in the event loop"
)


def _advise(case: Case) -> Advice:
    if "greenlet_spawn" in case.report.message or "await_only" in case.report.message:
        why = "SQLAlchemy's async session queried where nobody awaits: mostly a lazy attribute read after the query."
        fix = Fix("Load it with the query, or await it.", "options(selectinload(Parent.children))")
        return Advice(why, (fix,))
    why = "A greenlet belongs to the thread that started it, and can only be continued there."
    fixes = (
        Fix(
            "Don't carry what waits in a greenlet (a cursor, a generator, a lock of gevent's) to another thread."
        ),
        Fix(
            "Don't run gevent or eventlet beside asyncio: serve either under gunicorn's gevent worker, or under an "
            "ASGI server with django-unblock."
        ),
    )
    return Advice(why, fixes)


def _is_it(case: Case) -> bool:
    return case.report.kind in ("greenlet.error", "LoopExit", "gevent.exceptions.LoopExit") or bool(
        _MESSAGE.search(case.report.message)
    )


ENTRY = Entry(
    code="U359",
    title="a greenlet used where it can't run",
    recognise=_is_it,
    advise=_advise,
    examples=(
        Example(
            "thread",
            code="""\
from concurrent.futures import ThreadPoolExecutor

import greenlet


def continue_it(waiting):
    return waiting.switch()


def main():
    waiting = greenlet.greenlet(lambda: greenlet.getcurrent().parent.switch())
    waiting.switch()
    with ThreadPoolExecutor() as threads:
        threads.submit(continue_it, waiting).result()
""",
            expression="waiting.switch()",
            fix="",
            run="script",
        ),
    ),
)
