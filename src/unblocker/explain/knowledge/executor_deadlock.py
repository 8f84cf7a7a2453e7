"""asgiref found that `sync_to_async` would wait for a thread that waits for it."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"Single thread executor already being used, would deadlock|CurrentThreadExecutor|Deadlock detected"
    r"|ThreadSensitiveContext (?:has exited|with an executor|is already)"
)


def _advise(_case: Case) -> Advice:
    why = (
        "`sync_to_async` runs everything of one request in one thread. That thread is waiting itself (in "
        "`async_to_sync`), or is gone because the request has ended."
    )
    fixes = (
        Fix(
            "Don't go from sync to async and back inside one request: make the calls between async, or all sync."
        ),
        Fix(
            "Await every task before the view returns; work that outlives the request goes to django-unblock's "
            "`background`.",
            "background(function, …)",
        ),
        Fix(
            "What touches no database may run in any thread.",
            "await sync_to_async(function, thread_sensitive=False)(…)",
        ),
    )
    return Advice(why, fixes)


ENTRY = Entry(
    code="U355",
    title="sync_to_async would wait for itself",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "own_thread",
            code="""\
from asgiref.current_thread_executor import CurrentThreadExecutor


def main():
    executor = CurrentThreadExecutor(None)
    executor.submit(print)
""",
            expression="executor.submit(print)",
            fix="background(function, …)",
            run="script",
        ),
    ),
)
