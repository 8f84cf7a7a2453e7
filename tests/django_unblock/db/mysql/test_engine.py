"""What the engine adds to Django's: `test_ownership_again` and its like have the contract."""

import asyncio
import subprocess
import sys
import threading

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection
from pools import backend_pid, interval, overlap, pool, stats
from test_ownership import pool_of
from testapp.models import Author, Tag

from django_unblock import aatomic, gather, load, offload, unblock

pytestmark = pytest.mark.usefixtures("clean_tables")


def session():
    with connection.cursor() as cursor:
        cursor.execute("SELECT CONNECTION_ID()")
        return cursor.fetchone()[0]


class TestInPlainSynchronousCode:
    def test_it_is_imported_before_anything_of_mysqlclients(self):
        command = [sys.executable, "-c", "import django_unblock.db.mysql.base"]
        subprocess.run(command, check=True)

    def test_it_is_the_stock_backend_without_a_thread(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert type(cursor.cursor).__module__ == "django.db.backends.mysql.base"
        assert connection.scope is None
        assert not [each for each in threading.enumerate() if each.name.startswith("unblock-db")]

    def test_closing_closes(self):
        first, kept = backend_pid(), connection.connection
        connection.close()
        assert not kept.open
        assert backend_pid() != first


FETCHES = {
    "one": lambda cursor: [cursor.fetchone() for _ in range(4)],
    "many": lambda cursor: [cursor.fetchmany(2) for _ in range(3)],
    "default": lambda cursor: [cursor.fetchmany() for _ in range(2)],
    "all": lambda cursor: [cursor.fetchall() for _ in range(2)],
    "rest": lambda cursor: [cursor.fetchone(), cursor.fetchall()],
    "each": lambda cursor: [list(cursor), cursor.fetchone()],
    "facts": lambda cursor: [cursor.description, cursor.rowcount, cursor.lastrowid],
    "next": lambda cursor: [cursor.nextset(), cursor.description and cursor.fetchall()],
}
STATEMENTS = {
    "rows": ("SELECT 1 UNION SELECT 2 UNION SELECT 3", None),
    "a parameter": ("SELECT %s, '%%'", ["%"]),
    "a name": ("SELECT %(a)s", {"a": 1}),
    "none": ("SELECT 1 FROM DUAL WHERE 0", None),
    "no result": ("DELETE FROM testapp_author", None),
    "several": ("SELECT 1; SELECT 2", None),
}


@pytest.mark.parametrize("fetch", FETCHES.values(), ids=FETCHES)
@pytest.mark.parametrize(("sql", "params"), STATEMENTS.values(), ids=STATEMENTS)
def test_cursors_answer_as_the_stock_ones_do(sql, params, fetch):
    def answer():
        with connection.cursor() as cursor:
            executed = cursor.execute(sql, params)
            try:
                return executed, fetch(cursor)
            except connection.Database.Error as error:
                return repr(error)

    assert asyncio.run(unblock(answer)()) == answer()


class TestThroughTheBridge:
    async def test_the_loop_runs_on_during_a_statement(self):
        query = asyncio.create_task(unblock(interval)(0.2))
        other = asyncio.create_task(asyncio.sleep(0.01))
        done, _ = await asyncio.wait({query, other}, return_when=asyncio.FIRST_COMPLETED)
        assert done == {other}
        await query

    async def test_a_thread_reads_beside_the_loop(self):
        assert overlap(await gather(offload(interval)(0.2), unblock(interval)(0.2)))

    async def test_several_querysets_load(self):
        await Author.objects.acreate(name="A")
        authors, tags = await load(Author.objects.all(), Tag.objects.all())
        assert ([author.name for author in authors], list(tags)) == (["A"], [])

    async def test_the_session_has_the_settings_isolation_level(self):
        def level():
            name = "tx_isolation" if connection.mysql_is_mariadb else "transaction_isolation"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT @@{name}")
                return cursor.fetchone()[0]

        assert await unblock(level)() == "READ-COMMITTED"

    async def test_a_lock_is_waited_for_off_the_loop(self):
        order = []

        async def increment(name):
            async with aatomic():
                locked = await Author.objects.select_for_update().aget()
                order.append(f"{name} locks")
                await asyncio.sleep(0.02)
                locked.name += name
                await locked.asave()
                order.append(f"{name} saves")

        await Author.objects.acreate(name="")
        await gather(*(increment(name) for name in "abc"))
        assert [event.split()[1] for event in order] == ["locks", "saves"] * 3
        assert len((await Author.objects.aget()).name) == 3

    def test_a_connection_made_beneath_a_one_off_loop(self):
        async def make():
            await Author.objects.acreate(name="A")
            return await Author.objects.acount()

        connection.close()
        assert async_to_sync(make)() == 1


class TestTrouble:
    async def test_idle_connections_that_were_lost_are_replaced_unnoticed(self):
        sessions = await gather(*(unblock(slowly)() for _ in range(3)))
        await offload(kill_from_outside)(*sessions)
        await gather(*(Author.objects.acount() for _ in range(3)))
        assert stats()["in use"] == 0

    async def test_a_query_whose_connection_is_lost_fails_and_the_next_works(self):
        def lose():
            kill_from_outside(session())
            return Author.objects.count()

        with pytest.raises(OperationalError):
            await unblock(lose)()
        assert await Author.objects.acount() == 0
        assert stats()["in use"] == 0

    async def test_a_transaction_whose_connection_is_lost_fails(self):
        async def lose():
            async with aatomic():
                await Author.objects.acreate(name="A")
                await unblock(kill_from_outside)(await unblock(session)())
                await Author.objects.acount()

        with pytest.raises(OperationalError):
            await lose()
        assert await Author.objects.acount() == 0
        assert stats()["in use"] == 0

    async def test_a_deadlock_is_djangos_error_and_the_other_commits(self):
        first, second = (
            await Author.objects.acreate(name="a"),
            await Author.objects.acreate(name="b"),
        )
        both_have_one = asyncio.Barrier(2)

        async def touch(*authors):
            async with aatomic():
                for author in authors:
                    await Author.objects.filter(pk=author.pk).aupdate(name="touched")
                    if author is authors[0]:
                        await both_have_one.wait()

        outcomes = await asyncio.gather(
            touch(first, second), touch(second, first), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "NoneType",
            "OperationalError",
        ]
        assert await Author.objects.filter(name="touched").acount() == 2
        assert stats()["in use"] == 0

    async def test_a_connection_left_in_a_transaction_is_not_lent_again(self):
        def leave():
            connection.connection.autocommit(False)
            return Author.objects.count()

        def opened_first():
            connection.ensure_connection()
            leave()

        async with pool_of(max_size=1):
            await unblock(opened_first)()
            assert stats()["open"] == 0
            assert await Author.objects.acount() == 0

    async def test_a_wrong_password_is_djangos_error(self, monkeypatch):
        monkeypatch.setitem(connection.settings_dict, "PASSWORD", "wrong")
        async with pool_of(max_size=1, timeout=5):
            for _ in range(3):
                with pytest.raises(OperationalError, match="Access denied"):
                    await Author.objects.acount()
            assert pool()._places._value == 1


def slowly():
    interval(0.05)
    return session()


def kill_from_outside(*sessions):
    """Kill sessions through one that is none of the pool's; return when they are gone."""
    killer = connection.copy()
    try:
        with killer.cursor() as cursor:
            for each in sessions:
                cursor.execute("KILL %s", [each])
            left = 1
            while left:
                cursor.execute(
                    "SELECT count(*) FROM information_schema.processlist WHERE id IN %s", [sessions]
                )
                (left,) = cursor.fetchone()
    finally:
        killer.close()
