import asyncio
import threading

import pytest

from django_unblock import bridge
from django_unblock.errors import BridgeError
from django_unblock.turns import FairLock


async def test_greenlets_get_it_in_the_order_of_asking():
    lock, order = FairLock(), []

    def use(name):
        with lock:
            order.append(f"{name} has it")
            bridge.wait(asyncio.sleep(0))
            order.append(f"{name} is done")

    await asyncio.gather(*(bridge.run(use, name) for name in "abc"))
    assert order == [f"{name} {what}" for name in "abc" for what in ("has it", "is done")]
    assert not lock.is_busy()


async def test_one_that_is_cancelled_leaves_the_queue():
    lock, order = FairLock(), []

    def use(name):
        with lock:
            order.append(name)
            bridge.wait(asyncio.sleep(0.01))

    tasks = [asyncio.create_task(bridge.run(use, name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert order == ["a", "c"]
    assert tasks[1].cancelled()
    assert not lock.is_busy()


async def test_one_that_is_cancelled_when_its_turn_has_just_come_passes_it_on():
    lock, order = FairLock(), []

    def use(name):
        with lock:
            order.append(name)

    lock.acquire()
    tasks = [asyncio.create_task(bridge.run(use, name)) for name in "ab"]
    await asyncio.sleep(0)
    lock.release()
    tasks[0].cancel()
    await asyncio.wait(tasks)
    assert order == ["b"]
    assert not lock.is_busy()


async def test_a_thread_and_a_greenlet_exclude_each_other():
    lock, order = FairLock(), []
    has_it, may_end = threading.Event(), threading.Event()

    def in_thread():
        with lock:
            has_it.set()
            may_end.wait(10)
            order.append("thread")

    def in_greenlet():
        with lock:
            order.append("greenlet")

    thread = asyncio.create_task(asyncio.to_thread(in_thread))
    await asyncio.to_thread(has_it.wait, 10)
    greenlet = asyncio.create_task(bridge.run(in_greenlet))
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(thread, greenlet)
    assert order == ["thread", "greenlet"]


async def test_a_thread_waits_for_a_greenlet():
    lock, order = FairLock(), []

    def in_thread():
        with lock:
            order.append("thread")

    def in_greenlet():
        with lock:
            thread = asyncio.ensure_future(asyncio.to_thread(in_thread))
            bridge.wait(asyncio.sleep(0.02))
            order.append("greenlet")
        bridge.wait(thread)

    await bridge.run(in_greenlet)
    assert order == ["greenlet", "thread"]


async def test_outside_the_bridge_a_loop_is_not_blocked_for_it():
    lock, done = FairLock(), asyncio.Event()

    def use():
        with lock:
            bridge.wait(done.wait())

    holder = asyncio.create_task(bridge.run(use))
    await asyncio.sleep(0)
    with pytest.raises(BridgeError, match="R102"):
        lock.acquire()
    done.set()
    await holder
    lock.acquire()
    lock.release()
