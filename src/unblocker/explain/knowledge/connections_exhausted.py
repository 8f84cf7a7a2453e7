"""No connection is left: the pool is empty for too long, or the server takes no more."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_POOL = re.compile(
    r"couldn't get a connection after|pool timeout|TooManyRequests|pool .* is closed|QueuePool limit"
)
_SERVER = re.compile(
    r"too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)"
    r"|Too many connections"
)


def _advise(case: Case) -> Advice:
    if _SERVER.search(case.report.message):
        return _server()
    why = "Every connection of the pool is in use, and none came back in time."
    fixes = (
        Fix(
            "Look for who holds one while waiting for another: a transaction around outbound calls, one connection "
            "taken inside another, a task that never ends."
        ),
        Fix(
            "Let fewer queries run at a time, or allow more connections.",
            'OPTIONS = {"pool": {"max_size": 20, "timeout": 10}}',
        ),
        Fix("`gather(…, limit=…)` of django-unblock keeps one view from taking the whole pool."),
    )
    return Advice(why, fixes)


def _server() -> Advice:
    why = (
        "The database takes no more connections. Under ASGI with stock Django every request opens its own, and "
        "`CONN_MAX_AGE` keeps them in threads that never come back."
    )
    fixes = (
        Fix(
            "Under ASGI set `CONN_MAX_AGE` to 0, and use a pool.",
            '"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}',
        ),
        Fix(
            "Keep processes x pool size below the server's `max_connections`, or put pgbouncer between."
        ),
        Fix(
            "django-unblock's engine keeps one pool for each event loop, so that requests wait instead of failing."
        ),
    )
    return Advice(why, fixes)


def _is_it(case: Case) -> bool:
    text = case.report.message
    return case.report.name == "PoolTimeout" or bool(_POOL.search(text) or _SERVER.search(text))


ENTRY = Entry(
    code="U356",
    title="no database connection is left",
    recognise=_is_it,
    advise=_advise,
    examples=(
        Example(
            "pool",
            code="""\
from psycopg_pool import ConnectionPool


def load(pool):
    with pool.connection() as outer:
        with pool.connection() as inner:
            return inner.execute("SELECT 1").fetchone(), outer


def main(dsn):
    with ConnectionPool(dsn, min_size=1, max_size=1, timeout=0.2) as pool:
        load(pool)
""",
            expression="pool.connection()",
            fix='OPTIONS = {"pool": {"max_size": 20, "timeout": 10}}',
            run="postgres",
        ),
        Example(
            "server",
            code="""\
import psycopg


def main(dsn):
    connections = []
    while True:
        connections.append(psycopg.connect(dsn))
""",
            expression="psycopg.connect(dsn)",
            fix='"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}',
            run="postgres",
        ),
        Example(
            "django",
            code="""\
import psycopg
from django.db.utils import ConnectionHandler


def orders(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def main(dsn):
    info = psycopg.conninfo.conninfo_to_dict(dsn)
    databases = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": info["dbname"],
            "USER": info["user"],
            "HOST": info["host"],
            "PORT": info["port"],
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 1, "timeout": 0.2}},
        }
    }
    handler = ConnectionHandler(databases)
    one, two = handler.create_connection("default"), handler.create_connection("default")
    orders(one)
    orders(two)
""",
            expression="connection.cursor()",
            fix='OPTIONS = {"pool": {"max_size": 20, "timeout": 10}}',
            run="postgres",
        ),
    ),
)
