"""What the engine adds to Django's: `test_ownership_again` and its like have the contract."""

import asyncio
import sqlite3
import subprocess
import sys
import threading

import pytest
from databases import as_default
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from pools import backend_pid, interval, overlap, pool, stats, until
from test_ownership import pool_of
from testapp.models import Author, Tag

from django_unblock import aatomic, bridge, gather, load, offload, unblock
from django_unblock.db import pools

NUMBERS = (
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {}) SELECT n FROM t"
)

TOUCH = "UPDATE testapp_author SET name = name WHERE id = %s"


def threads():
    return sum(thread.name.startswith("unblock-db") for thread in threading.enumerate())


class TestInPlainSynchronousCode:
    def test_it_needs_no_psycopg(self):
        code = (
            "import sys; sys.modules['psycopg'] = None;"
            "import django_unblock.db.sqlite3.base, django_unblock.patches"
        )
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_it_is_the_stock_backend_without_a_thread(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert type(cursor.cursor) is SQLiteCursorWrapper
        assert isinstance(connection.connection, sqlite3.Connection)
        assert connection.scope is None
        assert threads() == 0

    def test_statements_may_be_made_while_others_take_their_parameters(self):
        with connection.cursor() as cursor:
            cursor.executemany(TOUCH, ([Author.objects.count()] for _ in range(2)))

    def test_closing_closes(self):
        first = backend_pid()
        kept = connection.connection
        connection.close()
        with pytest.raises(sqlite3.ProgrammingError):
            kept.execute("SELECT 1")
        assert backend_pid() != first


FETCHES = {
    "one": lambda cursor: [cursor.fetchone() for _ in range(4)],
    "many": lambda cursor: [list(cursor.fetchmany(2)) for _ in range(3)],
    "default": lambda cursor: [list(cursor.fetchmany()) for _ in range(2)],
    "all": lambda cursor: [list(cursor.fetchall()) for _ in range(2)],
    "rest": lambda cursor: [cursor.fetchone(), list(cursor.fetchall())],
    "each": lambda cursor: [list(cursor), cursor.fetchone()],
    "description": lambda cursor: [cursor.description, cursor.rowcount],
}
STATEMENTS = {
    "rows": (NUMBERS.format(3), None),
    "a parameter": ("SELECT %s, '%%'", ["%"]),
    "a name": ("SELECT %(a)s", {"a": 1}),
    "none": ("SELECT 1 WHERE 0", None),
    "no result": ("DROP TABLE IF EXISTS nonsense", None),
}


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("fetch", FETCHES.values(), ids=FETCHES)
@pytest.mark.parametrize(("sql", "params"), STATEMENTS.values(), ids=STATEMENTS)
def test_cursors_answer_as_the_stock_ones_do(sql, params, fetch, chunked):
    def answer():
        with connection.chunked_cursor() if chunked else connection.cursor() as cursor:
            assert cursor.execute(sql, params) is cursor.cursor
            return fetch(cursor)

    assert asyncio.run(unblock(answer)()) == answer()


class TestThroughTheBridge:
    async def test_the_loop_runs_on_during_a_statement(self):
        query = asyncio.create_task(unblock(interval)(0.2))
        other = asyncio.create_task(asyncio.sleep(0.01))
        done, _ = await asyncio.wait({query, other}, return_when=asyncio.FIRST_COMPLETED)
        assert done == {other}
        await query

    async def test_the_loop_runs_on_while_a_transaction_waits_for_a_lock(self):
        async with aatomic():
            waiting = asyncio.create_task(unblock(in_transaction)(), context=contextless())
            await asyncio.sleep(0.05)
            assert not waiting.done()
        await waiting

    async def test_parameters_may_come_from_queries(self):
        def work():
            with connection.cursor() as cursor:
                cursor.executemany(TOUCH, ([Author.objects.count()] for _ in range(2)))

        await unblock(work)()

    async def test_several_querysets_load(self):
        assert [
            list(queryset) for queryset in await load(Author.objects.all(), Tag.objects.all())
        ] == [
            [],
            [],
        ]

    async def test_an_iterator_does_not_read_ahead(self):
        seen = []

        def read(cursor):
            with cursor() as opened:
                connection.connection.create_function("seen", 1, seen.append)
                opened.execute(f"SELECT seen(n) FROM ({NUMBERS.format(50)})")
                opened.fetchmany(2)
            return len(seen)

        assert await unblock(read)(connection.chunked_cursor) < 10
        seen.clear()
        assert await unblock(read)(connection.cursor) == 50

    async def test_an_iterator_closed_outside_the_bridge_waits_for_nobody(self):
        def start():
            Author.objects.bulk_create(Author(name=str(number)) for number in range(5))
            rows = Author.objects.iterator(chunk_size=2)
            return next(rows), rows

        async with aatomic():
            _, rows = await unblock(start)()
            running = asyncio.create_task(unblock(interval)(0.1))
            await asyncio.sleep(0.03)
            rows.close()
            assert not running.done()
            await running
            transaction.set_rollback(True)

    async def test_a_thread_reads_beside_the_loop(self):
        assert overlap(await gather(offload(interval)(0.2), unblock(interval)(0.2)))

    async def test_what_cannot_have_the_lock_in_time_is_djangos_error(self, monkeypatch):
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 0)
        async with aatomic():
            writing = asyncio.create_task(Author.objects.acreate(name="b"), context=contextless())
            with pytest.raises(OperationalError, match="database is locked"):
                await writing

    async def test_cancelled_while_it_waits_for_a_lock(self):
        async with aatomic():
            waiting = asyncio.create_task(unblock(in_transaction)(), context=contextless())
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.sleep(0.05)
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert stats()["in use"] == 0
        await gather(*(unblock(in_transaction)() for _ in range(3)))

    async def test_a_statement_that_would_never_end_is_cancelled(self):
        def endless():
            with connection.cursor() as cursor:
                cursor.execute(
                    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT n FROM t"
                )

        async with pool_of(max_size=1):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(unblock(endless)(), 0.05)
            insistent = asyncio.create_task(unblock(endless)())
            for _ in range(3):
                await asyncio.sleep(0.01)
                insistent.cancel()
            with pytest.raises(asyncio.CancelledError):
                await insistent
            assert stats()["in use"] == 0
            assert await Author.objects.acount() == 0


class TestThePool:
    async def test_an_option_that_does_not_exist_is_named(self):
        with pytest.raises(ImproperlyConfigured, match=r"R502.*min_size"):
            async with pool_of(min_size=1):
                await Author.objects.acount()

    @pytest.mark.parametrize("size", [0, "2"])
    async def test_a_size_that_makes_no_pool(self, size):
        with pytest.raises(ImproperlyConfigured, match="'pool'"):
            async with pool_of(max_size=size):
                await Author.objects.acount()

    async def test_it_grows_to_its_size(self):
        async with pool_of(max_size=2):
            assert len(set(await gather(*(unblock(slowly)() for _ in range(6))))) == 2
            assert stats() == {"open": 2, "idle": 2, "in use": 0}

    async def test_what_nobody_uses_is_closed(self):
        async with pool_of(max_idle=0.05):
            await gather(*(unblock(slowly)() for _ in range(3)))
            await asyncio.sleep(0.1)
            await Author.objects.acount()
            assert stats()["open"] == 1

    async def test_its_threads_end_with_it(self):
        await gather(*(unblock(slowly)() for _ in range(3)))
        assert threads() == 3
        await pools.close_all()
        await until(lambda: threads() <= 1)  # the one that asks

    async def test_a_connection_in_use_is_closed_when_it_comes_back(self):
        async with aatomic():
            pid, used = await unblock(backend_pid)(), pool()
            await pools.close_all()
            assert await unblock(backend_pid)() == pid
        assert not used._loans
        assert not used._idle
        assert await unblock(backend_pid)()

    async def test_a_connection_left_in_a_transaction_is_not_lent_again(self):
        def leave():
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
            return backend_pid()

        first = await unblock(leave)()
        assert stats()["open"] == 0
        assert await unblock(backend_pid)() != first


def test_a_database_that_cannot_be_opened():
    async def several_times():
        for _ in range(20):
            with pytest.raises(OperationalError, match="unable to open"):
                await Author.objects.acount()

    with as_default(ENGINE="django_unblock.db.sqlite3", NAME="/nowhere/at/all"):
        asyncio.run(several_times())


def slowly():
    interval(0.05)
    return backend_pid()


def in_transaction():
    with transaction.atomic():
        return Author.objects.count()


def contextless():
    """A context in which no transaction is known."""
    import contextvars

    return contextvars.Context()


async def test_a_bridged_call_without_any_query_opens_nothing():
    assert await bridge.run(lambda: connection.vendor) == "sqlite"
    assert stats()["open"] == 0
