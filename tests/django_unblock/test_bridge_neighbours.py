"""The bridge beside asgiref, context variables and greenlets of others."""

import asyncio
import contextvars
import threading
import traceback

import gevent
import greenlet
import pytest
from asgiref.local import Local
from asgiref.sync import ThreadSensitiveContext, async_to_sync, sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connections
from testapp.models import Author

from django_unblock import aatomic, bridge, gather, unblock
from django_unblock.errors import BridgeError

colour = contextvars.ContextVar("colour", default="none")


def in_a_thread(fn):
    """Call in a thread of its own, and return what it returned."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(fn()))
    thread.start()
    thread.join()
    (answer,) = answers
    return answer


class TestContextVariables:
    async def test_of_what_is_waited_for_come_back(self):
        async def paint():
            colour.set("red")

        def synchronous():
            bridge.wait(paint())
            return colour.get()

        assert await bridge.run(synchronous) == "red"
        assert colour.get() == "red"

    async def test_of_a_child_task_do_not(self):
        async def paint():
            colour.set("red")

        def synchronous():
            bridge.wait(asyncio.create_task(paint()))
            return colour.get()

        assert await bridge.run(synchronous) == "none"

    async def test_a_change_inside_is_undone_outside_and_the_other_way_round(self):
        outside = colour.set("red")
        inside = await bridge.run(colour.set, "blue")
        colour.reset(inside)
        assert colour.get() == "red"
        await bridge.run(colour.reset, outside)
        assert colour.get() == "none"

    async def test_asgiref_s_locals(self):
        local = Local()
        await bridge.run(setattr, local, "colour", "red")
        assert local.colour == "red"
        assert await bridge.run(getattr, local, "colour") == "red"

    async def test_through_a_worker_thread_and_back(self):
        def in_thread():
            colour.set(colour.get() + " blue")
            async_to_sync(paint)()

        async def paint():
            await bridge.run(lambda: colour.set(colour.get() + " green"))

        def synchronous():
            colour.set("red")
            bridge.wait(sync_to_async(in_thread)())
            return colour.get()

        assert await bridge.run(synchronous) == "red blue green"


class TestAsgiref:
    @pytest.mark.parametrize("sensitive", [True, False])
    async def test_from_the_loop_to_a_thread_and_back_and_again(self, sensitive):
        def top():
            return async_to_sync(second)()

        async def second():
            return await sync_to_async(third, thread_sensitive=sensitive)()

        def third():
            return async_to_sync(fourth)()

        async def fourth():
            here = asyncio.get_running_loop()
            bottom = sync_to_async(threading.current_thread, thread_sensitive=sensitive)
            return here, await bottom()

        async with asyncio.timeout(10):
            loop, thread = await bridge.run(top)
        assert loop is asyncio.get_running_loop()
        assert thread is not threading.current_thread()

    async def test_thread_sensitive_work_stays_in_one_thread(self):
        def several():
            return [async_to_sync(where)() for _ in range(3)]

        async def where():
            return await sync_to_async(threading.get_ident)()

        async with ThreadSensitiveContext():
            threads = await bridge.run(several) + [await where()]
        assert len(set(threads)) == 1
        assert threads[0] != threading.get_ident()

    async def test_many_at_the_same_time(self):
        def top(number):
            return async_to_sync(sync_to_async(down))(number)

        def down(number):
            return async_to_sync(up)(number)

        async def up(number):
            await asyncio.sleep(0)
            return number

        async with asyncio.timeout(10):
            assert await gather(*(unblock(top)(n) for n in range(20))) == tuple(range(20))

    @pytest.mark.usefixtures("clean_tables")
    async def test_a_transaction_is_seen_all_the_way(self):
        def top():
            Author.objects.create(name="a")
            return async_to_sync(second)()

        async def second():
            return await sync_to_async(third)()

        def third():
            return Author.objects.count(), async_to_sync(fourth)()

        async def fourth():
            return await Author.objects.acount()

        async with aatomic():
            assert await bridge.run(top) == (1, 1)

    async def test_an_error_has_the_whole_way_in_its_traceback(self):
        def top():
            async_to_sync(second)()

        async def second():
            await sync_to_async(third)()

        def third():
            raise LookupError

        with pytest.raises(LookupError) as caught:
            await bridge.run(top)
        names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert [name for name in names if name in ("top", "second", "third")] == [
            "top",
            "second",
            "third",
        ]


def waited():
    """The code of the error that `wait` raises here."""
    with pytest.raises(BridgeError) as caught:
        bridge.wait(asyncio.sleep(0))
    return caught.value.code


class TestGreenletsOfOthers:
    def test_gevent_is_refused(self):
        assert in_a_thread(lambda: gevent.spawn(waited).get()) == "R103"

    def test_gevent_in_the_bridge_is_refused_and_leaves_it_in_order(self):
        def synchronous():
            code = gevent.spawn(waited).get()
            return code, bridge.wait(asyncio.sleep(0, "goes on"))

        answer = in_a_thread(lambda: asyncio.run(bridge.run(synchronous)))
        assert answer == ("R103", "goes on")

    def test_gevent_has_the_orm_of_plain_code(self):
        def count():
            try:
                return gevent.spawn(Author.objects.count).get()
            finally:
                connections.close_all()

        assert in_a_thread(count) == 0

    async def test_any_other_inside_is_refused_and_leaves_the_bridge_in_order(self):
        def synchronous():
            code = greenlet.greenlet(waited).switch()
            return code, bridge.inside(), bridge.wait(asyncio.sleep(0, "goes on"))

        assert await bridge.run(synchronous) == ("R103", True, "goes on")

    async def test_the_orm_in_one_is_refused_as_in_a_coroutine(self):
        def synchronous():
            with pytest.raises(SynchronousOnlyOperation):
                greenlet.greenlet(Author.objects.count).switch()
            return Author.objects.count()

        assert await bridge.run(synchronous) == 0
