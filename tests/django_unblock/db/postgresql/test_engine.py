"""The engine in plain synchronous code, and what psycopg can do through the bridge."""

import asyncio
import datetime as dt
from unittest import mock

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper as Stock
from django.test import TransactionTestCase, override_settings
from pools import backend_pid, interval, overlap, pool, sleeping_queries, stats, until
from testapp.models import Author, Review

from django_unblock import aatomic, bridge, gather, unblock
from django_unblock.db import pools
from django_unblock.db.postgresql.base import DatabaseWrapper
from django_unblock.db.postgresql.connection import Connection


@pytest.fixture
def database_options():
    """The database's OPTIONS, put back afterwards."""
    settings = connections.settings["default"]
    before = dict(settings["OPTIONS"])
    yield settings["OPTIONS"]
    settings["OPTIONS"] = before


class TestInPlainSynchronousCode(TransactionTestCase):
    def test_it_is_the_stock_backend_on_one_connection(self):
        assert isinstance(connections["default"], Stock)
        assert connections["default"].scope is None
        assert backend_pid() == backend_pid()

    def test_closing_closes(self):
        pid = backend_pid()
        connection.close()
        assert backend_pid() != pid

    def test_transactions(self):
        with transaction.atomic():
            Author.objects.create(name="a")
            transaction.set_rollback(True)
        assert Author.objects.count() == 0

    def test_server_side_cursors(self):
        Author.objects.bulk_create(Author(name=str(number)) for number in range(5))
        assert len(list(Author.objects.iterator(chunk_size=2))) == 5

    def test_a_copy_of_the_connection_is_separate(self):
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                assert cursor.fetchone()[0] != backend_pid()
        finally:
            other.close()


def test_a_mock_in_the_place_of_a_method_may_call_the_method():
    found = []

    def look():
        connected = connection.ensure_connection
        connection.close()

        def ensure():
            before = connection.connection
            connected()
            found.append((before, connection.connection.closed))

        with mock.patch.object(BaseDatabaseWrapper, "ensure_connection", side_effect=ensure):
            backend_pid()

    look()
    asyncio.run(unblock(look)())
    assert found == [(None, False)] * 2


class TestThroughTheBridge:
    async def test_copy_in_and_out(self):
        def synchronous():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE TEMPORARY TABLE numbers (n integer) ON COMMIT DROP")
                with cursor.copy("COPY numbers FROM STDIN") as copy:
                    for number in range(20_000):
                        copy.write_row([number])
                cursor.execute("SELECT sum(n) FROM numbers")
                total = cursor.fetchone()[0]
                with cursor.copy("COPY numbers TO STDOUT") as copy:
                    return total, sum(1 for _ in copy.rows())

        assert await unblock(synchronous)() == (199_990_000, 20_000)

    async def test_a_statement_larger_than_the_sockets_buffer(self):
        text = "x" * 5_000_000

        def synchronous():
            with connection.cursor() as cursor:
                cursor.execute("SELECT length(%s)", [text])
                return cursor.fetchone()[0]

        assert await gather(unblock(synchronous)(), unblock(synchronous)()) == (
            5_000_000,
            5_000_000,
        )

    async def test_executemany_and_pipelines(self):
        def synchronous():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE TEMPORARY TABLE numbers (n integer) ON COMMIT DROP")
                cursor.executemany("INSERT INTO numbers VALUES (%s)", [[n] for n in range(500)])
                cursor.execute("SELECT count(*) FROM numbers")
                return cursor.fetchone()[0]

        assert await unblock(synchronous)() == 500

    async def test_stream_keeps_its_connection(self):
        def synchronous():
            connection.ensure_connection()
            with connection.connection.cursor() as cursor:
                rows = cursor.stream("SELECT generate_series(1, 3)")
                first = next(rows)
                bridge.wait(asyncio.sleep(0))
                assert stats()["in use"] == 1
                return [first, *rows]

        assert await unblock(synchronous)() == [(1,), (2,), (3,)]
        assert stats()["in use"] == 0

    async def test_notifications(self):
        def listen():
            with connection.cursor() as cursor:
                cursor.execute("LISTEN news")
                ready.set()
                found = connection.connection.notifies(timeout=10, stop_after=1)
                return [note.payload for note in found]

        async def tell():
            await ready.wait()
            await unblock(notify)()

        def notify():
            with connection.cursor() as cursor:
                cursor.execute("NOTIFY news, 'hello'")

        ready = asyncio.Event()
        assert (await gather(unblock(listen)(), tell()))[0] == ["hello"]

    @pytest.mark.usefixtures("clean_tables")
    async def test_values_of_all_kinds_come_back(self):
        author = await Author.objects.acreate(name="ü€😀")
        book = await author.books.acreate(title="t", price="12.34")
        review = await Review.objects.acreate(book=book, text="x")
        await review.arefresh_from_db()
        assert review.created.tzinfo == dt.UTC
        await book.arefresh_from_db()
        assert str(book.price) == "12.34"
        assert (await Author.objects.aget(pk=author.pk)).name == "ü€😀"

    async def test_the_isolation_level_of_the_settings(self, database_options):
        def level():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                return cursor.fetchone()[0]

        assert await unblock(level)() == "read committed"
        await pools.close_all()
        database_options["isolation_level"] = psycopg.IsolationLevel.SERIALIZABLE
        assert await unblock(level)() == "serializable"
        await pools.close_all()

    async def test_the_role_of_the_settings(self, database_options):
        def role():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                return cursor.fetchone()[0]

        database_options["assume_role"] = "pg_monitor"
        try:
            assert await unblock(role)() == "pg_monitor"
        finally:
            await pools.close_all()

    @override_settings(TIME_ZONE="Europe/Berlin", USE_TZ=False)
    async def test_the_time_zone_of_the_settings(self):
        def zone():
            with connection.cursor() as cursor:
                cursor.execute("SHOW TimeZone")
                return cursor.fetchone()[0]

        assert await unblock(zone)() == "Europe/Berlin"

    async def test_a_changed_time_zone_reaches_pooled_connections(self):
        def zone():
            with connection.cursor() as cursor:
                cursor.execute("SHOW TimeZone")
                return cursor.fetchone()[0]

        assert await unblock(zone)() == "UTC"
        with override_settings(TIME_ZONE="Asia/Tokyo", USE_TZ=False):
            assert await asyncio.create_task(unblock(zone)()) == "Asia/Tokyo"
        assert await asyncio.create_task(unblock(zone)()) == "UTC"

    async def test_prepared_statements(self, database_options):
        def prepared():
            for _ in range(3):
                Author.objects.count()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_prepared_statements")
                return cursor.fetchone()[0]

        database_options.update(prepare_threshold=0, server_side_binding=True)
        try:
            assert await unblock(prepared)() >= 1
        finally:
            await pools.close_all()


class TestTrouble:
    async def terminate(self, *pids):
        """End server processes, from a connection of no pool."""

        def synchronous():
            other = connection.copy()
            try:
                with other.cursor() as cursor:
                    for pid in pids:
                        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            finally:
                other.close()

        await unblock(synchronous)()

    async def test_idle_connections_that_were_lost_are_replaced_unnoticed(self):
        lost = set(await two_connections())
        assert len(lost) == 2
        await self.terminate(*lost)
        assert lost.isdisjoint(await gather(*(unblock(backend_pid)() for _ in range(3))))

    async def test_with_health_checks_too(self, monkeypatch):
        monkeypatch.setitem(connections.settings["default"], "CONN_HEALTH_CHECKS", True)
        pid = await unblock(backend_pid)()
        await self.terminate(pid)
        assert await unblock(backend_pid)() != pid
        await pools.close_all()

    async def test_a_query_whose_connection_is_lost_fails_and_the_next_works(self):
        def synchronous():
            pids.append(backend_pid())
            with pytest.raises(OperationalError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30)")
            return backend_pid()

        pids = []
        victim = asyncio.create_task(unblock(synchronous)())
        await until(lambda: sleeping_queries() == 1)
        await self.terminate(pids[0])
        assert await victim != pids[0]
        assert stats()["in use"] == 0

    async def test_a_transaction_whose_connection_is_lost_fails(self):
        async def work():
            async with aatomic():
                pids.append(await unblock(backend_pid)())
                await asyncio.sleep(0)
                await self_terminated.wait()
                await Author.objects.acount()

        pids, self_terminated = [], asyncio.Event()
        victim = asyncio.create_task(work())
        await until(lambda: pids)
        await self.terminate(pids[0])
        self_terminated.set()
        with pytest.raises(OperationalError):
            await victim
        assert await Author.objects.acount() == 0
        assert stats()["in use"] == 0

    async def test_a_statement_timeout_is_djangos_error(self):
        def synchronous():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 20")
                cursor.execute("SELECT pg_sleep(30)")

        with pytest.raises(OperationalError, match="statement timeout"):
            await unblock(synchronous)()
        assert stats()["in use"] == 0

    async def test_a_server_that_is_down_is_told_at_once_to_all(self, monkeypatch):
        settings = connections.settings["default"]
        monkeypatch.setitem(settings, "HOST", "/nowhere")
        outcome = await asyncio.gather(
            *(Author.objects.acount() for _ in range(3)), return_exceptions=True
        )
        assert [type(error) for error in outcome] == [OperationalError] * 3
        assert "/nowhere" in str(outcome[0])
        monkeypatch.undo()
        await pools.close_all()
        assert await Author.objects.acount() == 0

    async def test_an_unknown_pool_option_is_named(self, database_options):
        database_options["pool"] = {"max_sise": 3}
        with pytest.raises(ImproperlyConfigured, match=r"\['pool'\] has options .* max_sise"):
            await Author.objects.acount()

    async def test_an_isolation_level_that_does_not_exist_is_named(self, database_options):
        database_options["isolation_level"] = 99
        with pytest.raises(ImproperlyConfigured, match="Invalid transaction isolation level 99"):
            await Author.objects.acount()
        assert stats()["in use"] == 0
        await pools.close_all()


async def two_connections():
    """Make sure that the pool has two connections; return their server processes."""

    async def one():
        async with aatomic():
            pid = await unblock(backend_pid)()
            await both.wait()
            return pid

    both = asyncio.Event()
    tasks = [asyncio.create_task(one()) for _ in range(2)]
    await until(lambda: stats()["in use"] == 2)
    both.set()
    return await asyncio.gather(*tasks)


def test_the_pools_of_a_loop_are_closed_with_it():
    async def main():
        await Author.objects.acount()
        return await unblock(backend_pid)(), pool()

    pid, ended = asyncio.run(main())
    assert all(pooled.closed for pooled in ended.all)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        assert cursor.fetchone()[0] in (0, 1)  # the server may still be ending it


def test_a_loop_that_ends_while_connecting_does_not_hang():
    async def main():
        task = asyncio.create_task(Author.objects.acount())
        await asyncio.sleep(0)
        return task

    assert asyncio.run(main()).cancelled()


def test_a_request_to_cancel_that_comes_too_early_is_made_again(monkeypatch, caplog):
    """The server forgets one that comes before the statement; here the first is not sent at all."""
    send, asked = Connection.cancel_safe, []

    def cancel_safe(self, **options):
        asked.append(self)
        if len(asked) > 1:
            send(self, **options)

    monkeypatch.setattr(Connection, "cancel_safe", cancel_safe)

    async def main():
        task = asyncio.create_task(unblock(interval)(60))
        await until(lambda: sleeping_queries() == 1)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        return await bridge.run(sleeping_queries), asked[0].closed

    assert asyncio.run(main()) == (0, False)
    assert len(asked) == 2
    assert "Could not cancel" not in caplog.text


def test_the_wrapper_is_reused_by_the_next_task():
    async def wrapper():
        await Author.objects.acount()
        return id(connections["default"])

    async def main():
        first = await asyncio.create_task(wrapper())
        await asyncio.sleep(0)
        return first == await asyncio.create_task(wrapper())

    assert asyncio.run(main())
    assert isinstance(connections["default"], DatabaseWrapper)


def test_on_uvloop():
    async def main():
        intervals = await gather(*(unblock(interval)(0.1) for _ in range(3)))
        task = asyncio.create_task(unblock(interval)(60))
        await until(lambda: sleeping_queries() == 1)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await bridge.run(sleeping_queries) == 0
        return overlap(intervals)

    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(main())
