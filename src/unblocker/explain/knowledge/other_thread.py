"""A database connection of Django's used in another thread than the one that made it."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"DatabaseWrapper objects created in a thread can only be used in that same thread"
    r"|SQLite objects created in a thread can only be used in that same thread"
)


def _advise(_case: Case) -> Advice:
    why = (
        "Django keeps one connection for each thread. What is here (a connection, a cursor, an open iterator) was "
        "made in another thread and carried over."
    )
    fixes = (
        Fix(
            "Don't hand connections or cursors to other threads: take `django.db.connection` where it is used, and "
            "hand over rows or primary keys."
        ),
        Fix(
            "In a coroutine, call it with `sync_to_async`, which keeps a request's database work in one thread; not "
            "with `run_in_executor` or `asyncio.to_thread`.",
            "await sync_to_async(function)(…)",
        ),
    )
    return Advice(why, fixes)


ENTRY = Entry(
    code="U354",
    title="a connection used in another thread",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "executor",
            code="""\
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def count(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM shop_order")
        return cursor.fetchone()[0]


def main():
    here = connection._connections[connection._alias]
    here.ensure_connection()
    with ThreadPoolExecutor() as threads:
        return threads.submit(count, here).result()
""",
            expression="connection.cursor()",
            fix="await sync_to_async(function)(…)",
            run="script",
        ),
    ),
)
