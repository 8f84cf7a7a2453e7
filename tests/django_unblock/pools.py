"""What the tests see of the connection pools, from the client and from the server."""

import asyncio
from itertools import pairwise

from django.db import connection

from django_unblock.db import pools


def pool():
    """The running loop's pool."""
    return pools.find(asyncio.get_running_loop(), "default")


def stats():
    """Connections of the loop's pool that are open, idle and in use."""
    used = pool()
    if used is None:
        return {"open": 0, "idle": 0, "in use": 0}
    in_use = len(used._loans)
    if connection.vendor != "postgresql":
        return {"open": len(used._idle) + in_use, "idle": len(used._idle), "in use": in_use}
    counts = used._pool.get_stats()
    return {
        "open": counts.get("pool_size", 0),
        "idle": counts.get("pool_available", 0) + len(used._warm),
        "in use": in_use,
    }


def backend_pid():
    """What tells the connection that this code has from others: the server process behind it."""
    if connection.vendor != "postgresql":
        connection.ensure_connection()
        return id(connection.connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


SLEEP = {
    "mysql": "SELECT SYSDATE(6), SLEEP(%s), SYSDATE(6)",
    "postgresql": "SELECT clock_timestamp(), pg_sleep(%s), clock_timestamp()",
    "sqlite": (
        "WITH RECURSIVE naps(left) AS (SELECT %s UNION ALL SELECT nap(left) FROM naps WHERE left > 0)"
        "SELECT clock(), (SELECT count(*) FROM naps), clock()"
    ),
}


def interval(seconds):
    """Have the server sleep; return from when to when it did, by its clock."""
    with connection.cursor() as cursor:
        cursor.execute(SLEEP[connection.vendor], [seconds])
        started, _, ended = cursor.fetchone()
        return started, ended


def overlap(intervals):
    """Whether there was a moment that all the intervals have in common."""
    return max(start for start, _ in intervals) < min(end for _, end in intervals)


def one_after_the_other(intervals):
    """Whether each interval started after the one before had ended."""
    return all(before[1] <= after[0] for before, after in pairwise(intervals))


SLEEPING = {
    "mysql": "SELECT count(*) FROM information_schema.processlist "
    "WHERE db = DATABASE() AND info LIKE '%SLEEP(%' AND id <> CONNECTION_ID()",
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
}


def sleeping_queries():
    """How many other sessions of this database execute `interval` right now."""
    if connection.vendor == "sqlite":
        used = pool()
        return sum(lent.turn.is_busy() for lent in used._loans) if used is not None else 0
    with connection.cursor() as cursor:
        cursor.execute(SLEEPING[connection.vendor])
        return cursor.fetchone()[0]


async def until(condition, seconds=10):
    """Wait until a synchronous condition, run in the bridge, holds."""
    from django_unblock import bridge

    async with asyncio.timeout(seconds):
        while not await bridge.run(condition):  # noqa: ASYNC110 - it is the server that changes
            await asyncio.sleep(0.01)
