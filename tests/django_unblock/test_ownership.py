"""The contract in `django_unblock.ownership`, rule by rule."""

import asyncio
import sys
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.signals import connection_created
from django.db.utils import DatabaseError
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from pools import (
    backend_pid,
    interval,
    one_after_the_other,
    overlap,
    pool,
    sleeping_queries,
    stats,
    until,
)
from testapp.models import Author

from django_unblock import aatomic, bridge, gather, offload, unblock
from django_unblock.db import pools
from django_unblock.db.postgresql.base import DatabaseWrapper
from django_unblock.db.postgresql.pool import Pool
from django_unblock.errors import OwnershipError


@asynccontextmanager
async def pool_of(**options):
    """Have the running loop's pool made with these options."""
    settings = connections.settings["default"]["OPTIONS"]
    settings["pool"] = options
    try:
        yield
    finally:
        await pools.close_all()
        del settings["pool"]


def assert_nothing_held():
    counts = stats()
    assert counts["in use"] == 0
    assert counts["idle"] == counts["open"]


class TestAutocommitWorkBorrows:
    async def test_queries_of_several_tasks_overlap_on_the_server(self):
        intervals = await gather(*(unblock(interval)(0.2) for _ in range(4)))
        assert overlap(intervals)
        assert_nothing_held()

    async def test_consecutive_queries_of_a_call_use_one_connection(self):
        def several():
            return {backend_pid() for _ in range(5)}

        assert len(await unblock(several)()) == 1
        assert_nothing_held()

    async def test_it_goes_back_at_the_end_of_the_call(self):
        await Author.objects.acount()
        assert_nothing_held()

    async def test_it_goes_back_before_waiting_for_something_else(self):
        def synchronous():
            backend_pid()
            assert stats()["in use"] == 1
            bridge.wait(asyncio.sleep(0))
            return stats()["in use"]

        assert await unblock(synchronous)() == 0

    async def test_it_goes_back_when_a_driven_coroutine_awaits(self):
        async def view():
            backend_pid()
            await asyncio.sleep(0)
            return stats()["in use"]

        assert await bridge.drive(view()) == 0

    async def test_it_goes_back_after_an_error(self):
        with pytest.raises(DatabaseError):
            await unblock(Author.objects.raw("SELECT nonsense").__len__)()
        assert_nothing_held()

    async def test_a_pool_of_one_serves_any_number_of_tasks(self):
        async with pool_of(max_size=1):
            pids = await gather(*(unblock(backend_pid)() for _ in range(50)))
            assert len(set(pids)) == 1
            assert_nothing_held()

    async def test_a_pool_of_one_serves_nested_fan_outs(self):
        async def branch(depth):
            found = await Author.objects.acount()
            if depth:
                found += sum(await gather(*(branch(depth - 1) for _ in range(3))))
            return found + Author.objects.count()

        async with pool_of(max_size=1):
            assert await bridge.drive(branch(3)) == 0
            assert_nothing_held()

    async def test_a_pool_of_one_serves_transactions_side_by_side(self):
        async def branch():
            async with aatomic():
                first = await unblock(backend_pid)()
                await asyncio.sleep(0)
                return first, await gather(unblock(backend_pid)(), unblock(backend_pid)())

        async with pool_of(max_size=1):
            pids = await gather(*(branch() for _ in range(5)))
            assert len({pid for first, others in pids for pid in (first, *others)}) == 1

    async def test_a_plain_coroutine_must_not_block_the_loop(self):
        with pytest.raises(SynchronousOnlyOperation):
            Author.objects.count()

    @pytest.mark.usefixtures("postgresql")
    async def test_no_thread_is_used(self):
        import threading

        before = threading.active_count()
        await gather(*(Author.objects.acount() for _ in range(5)))
        assert [author async for author in Author.objects.all()] == []
        assert await Author.objects.filter(name="nobody").afirst() is None
        assert threading.active_count() == before

    async def test_waiting_too_long_is_an_error_that_names_the_holders(self):
        async def hold():
            asyncio.current_task().set_name("GET /reports/")
            async with aatomic():
                await Author.objects.acount()
                holding.set()
                await asyncio.Event().wait()

        async with pool_of(max_size=1, timeout=0.1):
            holding = asyncio.Event()
            holder = asyncio.create_task(hold())
            await holding.wait()
            with pytest.raises(OperationalError) as caught:
                await Author.objects.acount()
            holder.cancel()
            await asyncio.wait([holder])
            assert str(caught.value).startswith("R301: no connection to 'default' became free")
            assert "0.1 s; 1 of at most 1 are in use, by: GET /reports/ (1, for 0." in str(
                caught.value
            )
            assert await Author.objects.acount() == 0

    @pytest.mark.usefixtures("postgresql")
    async def test_the_session_is_configured_once_per_connection(self):
        seen = []

        def receiver(*, connection, **_kwargs):
            with connection.cursor() as cursor:
                cursor.execute("SHOW TimeZone")
                seen.append(cursor.fetchone()[0])

        connection_created.connect(receiver)
        try:
            for _ in range(3):
                await gather(Author.objects.acount(), Author.objects.acount())
        finally:
            connection_created.disconnect(receiver)
        used = [pooled for pooled in pool().all if pooled.over.introduced]
        assert seen == ["UTC"] * len(used)

    @pytest.mark.usefixtures("postgresql")
    async def test_a_connection_that_was_closed_is_configured_when_it_is_next_borrowed(self):
        seen = []

        def receiver(*, connection, **_kwargs):
            seen.append(connection.connection.info.backend_pid)

        def close_between():
            pid = backend_pid()
            connection.close()
            return pid, backend_pid(), backend_pid()

        await Author.objects.acount()
        connection_created.connect(receiver)
        try:
            before, *after = await unblock(close_between)()
        finally:
            connection_created.disconnect(receiver)
        assert after == [before, before]
        assert seen == [before]

    async def test_a_child_task_continues_the_query_log(self):
        def capture():
            with CaptureQueriesContext(connection) as queries:
                bridge.wait(gather(Author.objects.acount(), Author.objects.acount()))
            return len(queries)

        assert await unblock(capture)() == 2

    async def test_a_child_task_runs_under_the_execute_wrappers(self):
        def refuse(*_call):
            raise AssertionError("a query was made")

        def wrapped():
            with connection.execute_wrapper(refuse):
                bridge.wait(gather(Author.objects.acount()))

        with pytest.raises(AssertionError, match="a query was made"):
            await unblock(wrapped)()

    async def test_closing_old_connections_keeps_those_of_the_pool(self):
        from django.db import close_old_connections

        def twice():
            first = backend_pid()
            close_old_connections()
            return first, backend_pid()

        first, second = await unblock(twice)()
        assert first == second
        assert stats()["open"] == 1


@pytest.mark.usefixtures("clean_tables")
class TestAServerSideCursorKeepsItsConnection:
    async def test_a_server_side_cursor_is_read_between_other_waits(self):
        await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))
        names = []
        async for author in Author.objects.order_by("pk").aiterator(chunk_size=2):
            names.append(author.name)
            if author.name != "4" and connection.vendor != "mysql":  # which has read all rows
                assert stats()["in use"] == 1
            await Author.objects.acount()
        assert names == ["0", "1", "2", "3", "4"]
        assert_nothing_held()

    async def test_a_synchronous_iterator_waits_inside_its_loop(self):
        await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))

        def synchronous():
            names = []
            for author in Author.objects.order_by("pk").iterator(chunk_size=2):
                bridge.wait(asyncio.sleep(0))
                names.append(author.name)
            return names

        assert await unblock(synchronous)() == ["0", "1", "2", "3", "4"]
        assert_nothing_held()

    @pytest.mark.usefixtures("postgresql")
    async def test_a_raw_cursor_is_used_again_on_another_connection(self):
        async def take_the_first():
            async with aatomic():
                pids.append(await unblock(backend_pid)())
                await done.wait()

        def synchronous():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                bridge.wait(asyncio.sleep(0))
                other = asyncio.create_task(take_the_first())
                bridge.wait(asyncio.sleep(0.05))
                pids.append(cursor.fetchone()[0])
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            done.set()
            bridge.wait(other)

        pids, done = [], asyncio.Event()
        await unblock(synchronous)()
        assert pids[0] == pids[1] != pids[2]
        assert_nothing_held()

    async def test_a_cursor_that_outlives_its_task_is_told(self):
        async def open_one():
            return await unblock(connection.cursor)()

        cursor = await asyncio.create_task(open_one())
        await asyncio.sleep(0)
        with pytest.raises(OwnershipError, match="R202"):
            await unblock(cursor.execute)("SELECT 1")

    @pytest.mark.usefixtures("postgresql")
    async def test_abandoning_one_outside_the_bridge_blocks_nobody(self, monkeypatch):
        told = []
        monkeypatch.setattr(sys, "unraisablehook", lambda hint: told.append(hint.exc_value.code))
        await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))

        def start():
            rows = Author.objects.iterator(chunk_size=2)
            return next(rows), rows

        async with aatomic():
            _, rows = await unblock(start)()
            running = asyncio.create_task(unblock(interval)(0.1))
            await asyncio.sleep(0.03)
            rows.close()
            assert not running.done()
            await running
        assert told == ["R102"]

    @pytest.mark.usefixtures("postgresql")
    async def test_copy_keeps_its_connection(self):
        def synchronous():
            with connection.cursor() as cursor, cursor.copy("COPY (SELECT 1) TO STDOUT") as copy:
                bridge.wait(asyncio.sleep(0))
                assert stats()["in use"] == 1
                rows = [bytes(row) for row in copy]
            bridge.wait(asyncio.sleep(0))
            return rows, stats()["in use"]

        assert await unblock(synchronous)() == ([b"1\n"], 0)

    async def test_a_cursor_abandoned_with_its_task_does_not_cost_the_connection(self):
        await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))
        kept = []

        async def abandon():
            rows = Author.objects.iterator(chunk_size=2)
            kept.append(rows)
            return await bridge.run(next, rows)

        await asyncio.create_task(abandon())
        await asyncio.sleep(0)
        assert stats()["in use"] == 0
        assert await Author.objects.acount() == 5


@pytest.mark.usefixtures("clean_tables")
class TestATransactionPins:
    async def test_one_connection_from_entry_to_exit(self):
        async with aatomic():
            first = await unblock(backend_pid)()
            await asyncio.sleep(0)
            assert await unblock(backend_pid)() == first
            assert stats()["in use"] == 1
        assert_nothing_held()

    async def test_others_do_not_see_it_before_it_commits(self):
        async def count():
            return await Author.objects.acount()

        async with aatomic():
            await Author.objects.acreate(name="new")
            outside = asyncio.create_task(count(), context=connectionless())
            assert await outside == 0
        assert await Author.objects.acount() == 1

    async def test_an_error_rolls_back(self):
        async def work():
            async with aatomic():
                await Author.objects.acreate(name="new")
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert await Author.objects.acount() == 0
        assert_nothing_held()

    async def test_a_synchronous_block_may_wait_for_something_else(self):
        def synchronous():
            with transaction.atomic():
                Author.objects.create(name="new")
                bridge.wait(asyncio.sleep(0))
                assert stats()["in use"] == 1
            return Author.objects.count()

        assert await unblock(synchronous)() == 1
        assert_nothing_held()

    async def test_manual_transactions_pin_as_well(self):
        def synchronous():
            transaction.set_autocommit(False)
            Author.objects.create(name="new")
            bridge.wait(asyncio.sleep(0))
            transaction.rollback()
            transaction.set_autocommit(True)
            return Author.objects.count()

        assert await unblock(synchronous)() == 0
        assert_nothing_held()

    async def test_a_task_that_ends_in_a_transaction_gives_its_connection_back(self):
        async def careless():
            await bridge.run(transaction.set_autocommit, False)
            await Author.objects.acreate(name="new")

        await asyncio.create_task(careless())
        await until(lambda: stats()["in use"] == 0)
        assert await Author.objects.acount() == 0

    async def test_a_block_that_its_task_never_left_is_rolled_back(self):
        async def careless():
            await aatomic().__aenter__()
            await Author.objects.acreate(name="new")
            return asyncio.create_task(child())

        async def child():
            await ended.wait()
            return await Author.objects.acount()

        ended = asyncio.Event()
        task = await asyncio.create_task(careless())
        await until(lambda: stats()["in use"] == 0)
        ended.set()
        with pytest.raises(OwnershipError, match="R201"):
            await task
        assert await Author.objects.acount() == 0


def connectionless():
    """A context in which no transaction is known."""
    import contextvars

    return contextvars.Context()


@pytest.mark.usefixtures("clean_tables")
class TestWhatATransactionStartsIsInIt:
    async def test_a_task_uses_its_connection(self):
        async def child():
            return await unblock(backend_pid)(), await Author.objects.acount()

        async with aatomic():
            await Author.objects.acreate(name="new")
            pid, seen = await asyncio.create_task(child())
            assert pid == await unblock(backend_pid)()
            assert seen == 1

    async def test_tasks_take_turns(self):
        async with aatomic(), asyncio.TaskGroup() as group:
            tasks = [group.create_task(unblock(interval)(0.05)) for _ in range(3)]
        assert one_after_the_other(sorted(task.result() for task in tasks))

    async def test_a_task_started_before_is_not_in_it(self):
        begin = asyncio.Event()

        async def before():
            await begin.wait()
            return await unblock(backend_pid)()

        task = asyncio.create_task(before())
        async with aatomic():
            pid = await unblock(backend_pid)()
            begin.set()
            assert await task != pid

    async def test_savepoints_of_two_tasks_do_not_mix(self):
        async def child(name, *, fails):
            async with aatomic():
                await Author.objects.acreate(name=name)
                await asyncio.sleep(0)
                if fails:
                    raise LookupError(name)

        async with aatomic():
            tasks = [
                asyncio.create_task(child(str(number), fails=number % 2 == 1))
                for number in range(6)
            ]
            await asyncio.wait(tasks)
        assert [type(task.exception()) for task in tasks] == [type(None), LookupError] * 3
        names = [author.name async for author in Author.objects.order_by("name")]
        assert names == ["0", "2", "4"]

    async def test_the_owners_savepoint_excludes_a_task_started_before_it(self):
        order, begin = [], asyncio.Event()

        async def child():
            await begin.wait()
            await Author.objects.acreate(name="child")
            order.append("child")

        async def undone():
            async with aatomic():
                await Author.objects.acount()
                begin.set()
                await asyncio.sleep(0.05)
                order.append("owner")
                raise LookupError

        async with aatomic():
            task = asyncio.create_task(child())
            with pytest.raises(LookupError):
                await undone()
            await task
        assert order == ["owner", "child"]
        assert await Author.objects.acount() == 1

    async def test_a_task_in_a_tasks_savepoint(self):
        async def grandchild():
            await Author.objects.acreate(name="grandchild")

        async def child():
            async with aatomic():
                await Author.objects.acreate(name="child")
                await asyncio.gather(grandchild(), grandchild())
                raise LookupError

        async with aatomic():
            with pytest.raises(LookupError):
                await asyncio.create_task(child())
            await Author.objects.acreate(name="owner")
        assert [author.name async for author in Author.objects.all()] == ["owner"]

    async def test_worker_threads_are_in_it(self):
        async with aatomic():
            await Author.objects.acreate(name="new")
            assert await offload(Author.objects.count)() == 1
            assert await sync_to_async(Author.objects.count)() == 1
            assert await offload(backend_pid)() == await unblock(backend_pid)()

    async def test_a_coroutine_run_from_a_worker_thread_is_in_it(self):
        def in_thread():
            with transaction.atomic():
                Author.objects.create(name="new")
                return async_to_sync(Author.objects.acount)()

        assert await offload(in_thread)() == 1

    async def test_gather_is_serial_in_it(self):
        async with aatomic():
            intervals = await gather(*(unblock(interval)(0.05) for _ in range(3)))
        assert one_after_the_other(intervals)


class TestNothingOutlivesATransaction:
    async def test_a_task_that_does_is_told(self):
        async def child():
            await ended.wait()
            return await Author.objects.acount()

        ended = asyncio.Event()
        async with aatomic():
            task = asyncio.create_task(child())
            await Author.objects.acount()
        ended.set()
        with pytest.raises(OwnershipError, match="R201: the transaction on 'default'"):
            await task

    async def test_a_task_that_waits_for_its_turn_is_told(self):
        async def child():
            return await Author.objects.acount()

        def synchronous():
            with transaction.atomic():
                backend_pid()
                task = asyncio.create_task(child())
                backend_pid()
                backend_pid()
            return task

        task = await unblock(synchronous)()
        with pytest.raises(OwnershipError, match="R201"):
            await task

    async def test_the_same_task_goes_on_in_autocommit(self):
        async with aatomic():
            await Author.objects.acount()
        assert await Author.objects.acount() == 0


class TestPlainSynchronousCodeEnclosesTheLoopItRuns(TestCase):
    def test_a_new_loop_is_in_the_transaction(self):
        Author.objects.create(name="new")
        pid = backend_pid()

        async def main():
            assert await Author.objects.acount() == 1
            return set(await gather(*(unblock(backend_pid)() for _ in range(4))))

        assert asyncio.run(main()) == {pid}
        assert async_to_sync(main)() == {pid}

    def test_what_the_loop_wrote_is_seen_and_rolled_back_with_the_test(self):
        asyncio.run(Author.objects.acreate(name="new"))
        assert Author.objects.count() == 1

    def test_every_way_of_running_code_sees_it(self):
        Author.objects.create(name="new")
        response = self.client.get("/everywhere/")
        assert response.json() == dict.fromkeys(
            ["awaited", "plain", "task", "sensitive", "free"], 1
        )

    async def test_every_way_of_running_code_sees_it_in_an_async_test(self):
        await Author.objects.acreate(name="new")
        response = await self.async_client.get("/everywhere/")
        assert response.json() == dict.fromkeys(
            ["awaited", "plain", "task", "sensitive", "free"], 1
        )

    async def test_savepoints_of_an_async_test(self):
        async def work():
            async with aatomic():
                await Author.objects.acreate(name="undone")
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert await Author.objects.acount() == 0

    async def test_savepoints_of_gathered_branches_do_not_mix(self):
        async def branch(name, *, fails):
            async with aatomic():
                await Author.objects.acreate(name=name)
                await asyncio.sleep(0)
                if fails:
                    raise LookupError(name)

        await asyncio.gather(
            *(branch(str(number), fails=number % 2 == 1) for number in range(6)),
            return_exceptions=True,
        )
        names = [author.name async for author in Author.objects.order_by("name")]
        assert names == ["0", "2", "4"]

    def test_query_counts_are_of_this_connection(self):
        async def main():
            await gather(Author.objects.acount(), Author.objects.acount())

        with self.assertNumQueries(2):
            asyncio.run(main())

    def test_the_connection_is_left_open(self):
        pid = backend_pid()
        self.client.get("/counts/")
        assert backend_pid() == pid

    async def test_a_cancelled_branch_does_not_spoil_the_transaction(self):
        async def fails():
            await asyncio.sleep(0.02)
            raise LookupError

        with pytest.raises(LookupError):
            await gather(fails(), unblock(interval)(0.1))
        assert await Author.objects.acount() == 0

    def test_commit_hooks_run_as_in_synchronous_code(self):
        events = []

        async def main():
            async with aatomic():
                transaction.on_commit(lambda: events.append("hook"))

        with self.captureOnCommitCallbacks(execute=True):
            asyncio.run(main())
        assert events == ["hook"]


class TestAOneOffLoopUsesItsThreadsConnection(TransactionTestCase):
    def test_the_connection_of_the_code_beneath(self):
        pid = backend_pid()

        async def main():
            return set(await gather(*(unblock(backend_pid)() for _ in range(3))))

        assert async_to_sync(main)() == {pid}
        assert backend_pid() == pid

    def test_transactions_of_branches_do_not_mix(self):
        async def branch(name, *, fails):
            async with aatomic():
                await Author.objects.acreate(name=name)
                await asyncio.sleep(0)
                if fails:
                    raise LookupError(name)

        async def main():
            await asyncio.gather(
                *(branch(str(number), fails=number % 2 == 1) for number in range(4)),
                return_exceptions=True,
            )

        async_to_sync(main)()
        assert sorted(author.name for author in Author.objects.all()) == ["0", "2"]

    def test_it_connects_if_nobody_has(self):
        connection.close()

        async def main():
            return await Author.objects.acount()

        assert async_to_sync(main)() == 0
        assert connection.connection is not None


@pytest.mark.usefixtures("clean_tables")
class TestACancelledTaskLeavesNoTrace:
    async def test_its_query_is_cancelled_on_the_server(self):
        task = asyncio.create_task(unblock(interval)(60))
        await until(lambda: sleeping_queries() == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await bridge.run(sleeping_queries) == 0
        assert_nothing_held()

    async def test_its_connection_is_used_again(self):
        async with pool_of(max_size=1):
            pid = await unblock(backend_pid)()
            task = asyncio.create_task(unblock(interval)(60))
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.wait([task])
            assert await unblock(backend_pid)() == pid

    async def test_its_transaction_is_rolled_back(self):
        async def work():
            async with aatomic():
                await Author.objects.acreate(name="new")
                await unblock(interval)(60)

        task = asyncio.create_task(work())
        await until(lambda: sleeping_queries() == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await Author.objects.acount() == 0
        assert_nothing_held()

    async def test_cancelled_while_waiting_for_a_connection(self):
        async with pool_of(max_size=1):
            async with aatomic():
                await Author.objects.acount()
                waiting = asyncio.create_task(unblock(backend_pid)(), context=connectionless())
                await asyncio.sleep(0.02)
                waiting.cancel()
                await asyncio.wait([waiting])
            assert waiting.cancelled()
            assert await Author.objects.acount() == 0
            assert_nothing_held()

    @pytest.mark.usefixtures("postgresql")
    async def test_cancelled_while_its_connection_is_set_up(self, monkeypatch, caplog):
        stock = DatabaseWrapper.init_connection_state

        reached = asyncio.Event()

        def slow(wrapper):
            stock(wrapper)
            reached.set()
            interval(60)

        async with pool_of(max_size=1):
            monkeypatch.setattr(DatabaseWrapper, "init_connection_state", slow)
            task = asyncio.create_task(unblock(backend_pid)(), context=connectionless())
            await reached.wait()
            task.cancel()
            await asyncio.wait([task])
            monkeypatch.undo()
            (pooled,) = pool().all
            assert await unblock(backend_pid)() == pooled.pgconn.backend_pid
            assert pooled.over.introduced
        assert "discarding" not in caplog.text

    @pytest.mark.usefixtures("postgresql")
    async def test_cancelled_while_its_connection_is_tried(self, monkeypatch):
        reached = asyncio.Event()

        async def never_known(_pool, _pooled):
            reached.set()
            await asyncio.Event().wait()

        async with pool_of(max_size=1):
            monkeypatch.setattr(Pool, "_works", never_known)
            task = asyncio.create_task(unblock(backend_pid)(), context=connectionless())
            await reached.wait()
            task.cancel()
            await asyncio.wait([task])
            monkeypatch.undo()
            assert await unblock(backend_pid)()
            assert_nothing_held()

    async def test_cancelled_while_waiting_for_its_turn(self):
        async with aatomic():
            tasks = [asyncio.create_task(unblock(interval)(0.05)) for _ in range(3)]
            await asyncio.sleep(0.02)
            tasks[1].cancel()
            await asyncio.wait(tasks)
            assert [task.cancelled() for task in tasks] == [False, True, False]
            assert await Author.objects.acount() == 0

    async def test_a_statement_of_a_shared_transaction_is_completed(self):
        async with aatomic():
            task = asyncio.create_task(unblock(Author.objects.create)(name="child"))
            slow = asyncio.create_task(unblock(interval)(0.1))
            await asyncio.sleep(0.03)
            slow.cancel()
            await asyncio.wait([task, slow])
            assert slow.cancelled()
            assert await Author.objects.acount() == 1

    async def test_a_timeout_cancels(self):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(unblock(interval)(60), 0.05)
        assert await bridge.run(sleeping_queries) == 0
        assert asyncio.current_task().cancelling() == 0

    async def test_many_cancelled_at_random_points(self):
        async def work(number):
            async with aatomic():
                await Author.objects.acreate(name=str(number))
                await asyncio.sleep(0)
                await Author.objects.acount()

        async with pool_of(max_size=3):
            tasks = [asyncio.create_task(work(number)) for number in range(60)]
            for number, task in enumerate(tasks):
                if number % 3:
                    asyncio.get_running_loop().call_later(number * 0.0007, task.cancel)
            await asyncio.wait(tasks)
            names = {name async for name in Author.objects.values_list("name", flat=True)}
            for number, task in enumerate(tasks):
                assert task.cancelled() or str(number) in names
            assert any(task.cancelled() for task in tasks)
            assert_nothing_held()
