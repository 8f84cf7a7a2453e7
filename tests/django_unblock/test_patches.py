import asyncio
import threading
from contextvars import ContextVar

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.dispatch import Signal
from testapp.models import Author

from django_unblock import bridge, one_off, ownership, patches, unblock
from django_unblock.asgi import get_asgi_application

tenant = ContextVar("tenant")
language = ContextVar("language")


def current(patch):
    holder, name = patches._place(patch)
    return getattr(holder, name)


class TestGatheringReceivers:
    async def test_what_a_slow_one_did_not_change_is_not_set_back(self):
        gather = patches._sharing_context(None).gather
        changed = asyncio.Event()

        async def changes():
            tenant.set("busy")
            await asyncio.sleep(0)
            tenant.set("free")
            changed.set()

        async def slow():
            language.set("fi")
            await changed.wait()

        await gather(changes(), gather(slow()))
        assert (tenant.get(), language.get()) == ("free", "fi")


class TestTheTable:
    def test_it_is_in_force_and_undone_whole(self):
        in_force = {patch: current(patch) for patch in patches.TABLE if patches._applies(patch)}
        originals = dict(patches._originals)
        assert originals.keys() == in_force.keys()
        patches.undo()
        try:
            assert not patches.is_applied()
            for patch, original in originals.items():
                assert current(patch) is original is not in_force[patch]
        finally:
            patches.apply()
        assert patches.is_applied()
        assert connection.connection is None or not connection.connection.closed

    def test_applying_twice_changes_nothing(self):
        before = dict(patches._originals)
        patches.apply()
        assert patches._originals == before

    def test_the_same_connection_goes_on(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()
        wrapper = connections["default"]
        patches.undo()
        patches.apply()
        assert connections["default"] is wrapper
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone() == pid

    def test_another_engine_is_left_alone(self, monkeypatch):
        monkeypatch.setitem(connections.settings, "lite", {"ENGINE": "django.db.backends.sqlite3"})
        patches.undo()
        try:
            patches.apply()
            assert not patches.is_applied()
            with pytest.raises(ImproperlyConfigured, match="R505"):
                get_asgi_application()
        finally:
            monkeypatch.undo()
            patches.apply()

    def test_every_patch_says_why(self):
        assert all(patch.why for patch in patches.TABLE)


class TestAsyncToSync:
    async def test_inside_the_bridge_it_waits(self):
        async def answer():
            await asyncio.sleep(0)
            return asyncio.get_running_loop()

        def synchronous():
            return async_to_sync(answer)()

        assert await bridge.run(synchronous) is asyncio.get_running_loop()

    async def test_async_signal_receivers_of_synchronous_code(self):
        signal = Signal()
        seen = []

        async def receiver(**kwargs):
            seen.append(await Author.objects.acount())

        signal.connect(receiver)
        await unblock(signal.send)(sender=None)
        assert seen == [0]

    async def test_outside_the_bridge_a_loop_still_refuses(self):
        with pytest.raises(RuntimeError, match="You cannot use AsyncToSync"):
            async_to_sync(asyncio.sleep)(0)

    def test_plain_code_runs_it_in_this_thread(self):
        async def thread():
            return threading.current_thread()

        assert async_to_sync(thread)() is threading.current_thread()

    def test_a_worker_thread_comes_back_to_its_loop(self):
        async def loop():
            return asyncio.get_running_loop()

        async def main():
            return await sync_to_async(async_to_sync(loop))() is asyncio.get_running_loop()

        assert asyncio.run(main())


class TestSyncToAsync:
    async def test_what_blocks_still_goes_to_a_thread(self):
        assert await sync_to_async(threading.current_thread)() is not threading.current_thread()

    async def test_its_connection_goes_back_to_the_pool(self):
        from pools import stats

        assert await sync_to_async(Author.objects.count)() == 0
        await asyncio.sleep(0.01)
        assert stats() == {"open": 1, "idle": 1, "in use": 0}

    async def test_as_a_decorator_with_arguments(self):
        @patches.bridged(thread_sensitive=True)
        def where():
            return bridge.inside()

        assert await where()


class TestOneOffLoops:
    def test_context_variables_go_in_and_come_out(self):
        from django.utils import translation

        async def view():
            seen = translation.get_language()
            translation.activate("fr")
            return seen

        with translation.override("de"):
            assert one_off.run(view) == "de"
            assert translation.get_language() == "fr"
        assert not any(map(ownership.is_own, __import__("contextvars").copy_context()))

    def test_synchronous_orm_access_in_the_coroutine(self):
        async def view():
            return Author.objects.count()

        assert one_off.run(view) == 0

    def test_an_error_comes_out(self):
        async def view():
            raise LookupError("seen")

        with pytest.raises(LookupError, match="seen"):
            one_off.run(view)

    def test_hooks_are_awaited_before_it_ends(self, monkeypatch):
        from django_unblock import lifespan

        monkeypatch.setattr(lifespan, "_before_loop_ends", [])
        order = []

        @lifespan.before_loop_ends
        async def drain():
            await asyncio.sleep(0)
            order.append("drained")

        async def view():
            order.append("view")

        one_off.run(view)
        assert order == ["view", "drained"]

    async def test_it_is_not_wanted_where_a_loop_runs(self):
        assert not one_off.is_wanted()
        assert not await sync_to_async(one_off.is_wanted)()

    def test_it_is_wanted_in_plain_code_and_threads(self):
        wanted = []
        thread = threading.Thread(target=lambda: wanted.append(one_off.is_wanted()))
        thread.start()
        thread.join()
        assert wanted == [True]
        assert one_off.is_wanted()


class TestSignal:
    async def test_a_receiver_may_set_context_variables_for_the_sender(self):
        signal = Signal()

        def receiver(**kwargs):
            tenant.set("synchronous")

        async def areceiver(**kwargs):
            language.set("asynchronous")

        signal.connect(receiver)
        signal.connect(areceiver)
        await signal.asend(sender=None)
        assert (tenant.get(), language.get()) == ("synchronous", "asynchronous")
