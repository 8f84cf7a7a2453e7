"""The database or something between closed the connection."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"server closed the connection unexpectedly|terminating connection due to|the connection is (?:lost|closed)"
    r"|connection already closed|SSL connection has been closed unexpectedly|could not receive data from server"
    r"|Server has gone away|Lost connection to MySQL server"
)


def _advise(case: Case) -> Advice:
    closed_here = (
        "the connection is closed" in case.report.message or "already closed" in case.report.message
    )
    why = "The connection was ended while the program still held it: a restart, a timeout, or an administrator."
    if closed_here:
        why = "The program itself closed this connection, or put it back, and used it once more."
    fixes = (
        Fix("Have Django look before it uses a kept connection.", '"CONN_HEALTH_CHECKS": True'),
        Fix(
            "With a pool, have it check what it hands out.",
            '"pool": {"check": ConnectionPool.check_connection}',
        ),
        Fix(
            "After it, the transaction is gone: start again from its beginning, not from the last query."
        ),
    )
    if closed_here:
        own = Fix(
            "Take the connection anew where it is needed, and don't keep cursors or iterators beyond its block."
        )
        fixes = (own, *fixes[:2])
    return Advice(why, fixes)


ENTRY = Entry(
    code="U358",
    title="the database connection is gone",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "closed_by_server",
            code="""\
import os
import socket

import psycopg


def load(connection):
    return connection.execute("SELECT 1").fetchone()


def main(dsn):
    connection = psycopg.connect(dsn)
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
    load(connection)
""",
            expression='connection.execute("SELECT 1")',
            fix='"CONN_HEALTH_CHECKS": True',
            run="postgres",
        ),
        Example(
            "ended",
            code="""\
import psycopg


def load(connection):
    return connection.execute("SELECT 1").fetchone()


def main(dsn):
    connection = psycopg.connect(dsn)
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    load(connection)
""",
            expression='connection.execute("SELECT 1")',
            fix='"CONN_HEALTH_CHECKS": True',
            run="postgres",
        ),
        Example(
            "closed",
            code="""\
import psycopg


def load(connection):
    return connection.execute("SELECT 1").fetchone()


def main(dsn):
    connection = psycopg.connect(dsn)
    connection.close()
    load(connection)
""",
            expression='connection.execute("SELECT 1")',
            fix='"CONN_HEALTH_CHECKS": True',
            run="postgres",
        ),
    ),
)
