"""Two users of one database connection at a time."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"another command is already in progress|another operation is in progress|another coroutine is already waiting"
    r"|Commands out of sync|Packet sequence number wrong|got simultaneous use of the connection"
)


def _advise(_case: Case) -> Advice:
    why = "A connection does one thing at a time. A second task, thread or greenlet used it before the first was done."
    fixes = (
        Fix(
            "Give every branch that runs at the same time a connection of its own, from a pool.",
            "async with pool.connection() as connection: …",
        ),
        Fix(
            "In a transaction everything must run one after the other: no `asyncio.gather` over one connection."
        ),
        Fix(
            "`django_unblock.gather` sees to both: branches borrow their own connections, and take turns in a "
            "transaction."
        ),
    )
    return Advice(why, fixes)


ENTRY = Entry(
    code="U357",
    title="one connection, two users",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "two_queries",
            code="""\
import psycopg


def main(dsn):
    connection = psycopg.connect(dsn)
    connection.pgconn.send_query(b"SELECT pg_sleep(1)")
    connection.pgconn.send_query(b"SELECT 1")
""",
            expression='connection.pgconn.send_query(b"SELECT 1")',
            fix="async with pool.connection() as connection: …",
            run="postgres",
        ),
    ),
)
