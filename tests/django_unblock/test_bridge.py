import asyncio
import contextvars
import gc
import sys
import traceback
import weakref

import greenlet
import pytest

from django_unblock import bridge
from django_unblock.errors import BridgeError

colour = contextvars.ContextVar("colour", default="none")


async def answer(value):
    await asyncio.sleep(0)
    return value


async def failure():
    await asyncio.sleep(0)
    raise LookupError("from the coroutine")


def test_inside_is_false_in_plain_code():
    assert not bridge.inside()


async def test_inside_is_false_in_a_coroutine_and_true_in_run():
    assert not bridge.inside()
    assert await bridge.run(bridge.inside)
    assert not bridge.inside()


async def test_run_passes_arguments_and_returns_without_waiting():
    assert await bridge.run(divmod, 7, 2) == (3, 1)
    assert await bridge.run(int, "11", base=2) == 3


async def test_wait_returns_the_result_and_lets_others_run():
    events = []

    def synchronous(name):
        events.append(f"{name} before")
        result = bridge.wait(answer(name))
        events.append(f"{name} after")
        return result

    results = await asyncio.gather(bridge.run(synchronous, "a"), bridge.run(synchronous, "b"))
    assert results == ["a", "b"]
    assert events == ["a before", "b before", "a after", "b after"]


async def test_wait_takes_any_awaitable():
    class Custom:
        def __await__(self):
            yield from asyncio.sleep(0).__await__()
            return "custom"

    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, "future")
    task = asyncio.create_task(answer("task"))

    def synchronous():
        return bridge.wait(Custom()), bridge.wait(future), bridge.wait(task)

    assert await bridge.run(synchronous) == ("custom", "future", "task")


async def test_an_exception_reaches_the_caller_with_its_traceback():
    def inner():
        bridge.wait(asyncio.sleep(0))
        raise LookupError("inner")

    with pytest.raises(LookupError, match="inner") as caught:
        await bridge.run(inner)
    assert "inner" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


async def test_an_exception_of_the_awaitable_is_raised_by_wait():
    def synchronous():
        try:
            bridge.wait(failure())
        except LookupError as error:
            return [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        return []

    assert "failure" in await bridge.run(synchronous)


@pytest.mark.parametrize("start", [failure, lambda: asyncio.create_task(failure())])
async def test_the_traceback_of_another_task_s_error_is_kept(start):
    with pytest.raises(LookupError) as caught:
        await bridge.run(lambda: bridge.wait(start()))
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "failure"
    assert names.count("failure") == 1


async def test_cancellation_is_raised_by_wait():
    seen = []

    def synchronous():
        try:
            bridge.wait(asyncio.Event().wait())
        except asyncio.CancelledError:
            seen.append("cancelled")
            bridge.wait(asyncio.sleep(0))
            seen.append("cleaned up")
            raise

    task = asyncio.create_task(bridge.run(synchronous))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled", "cleaned up"]


async def test_a_cancellation_may_be_swallowed_by_synchronous_code():
    def synchronous():
        try:
            bridge.wait(asyncio.Event().wait())
        except asyncio.CancelledError:
            return bridge.wait(answer("went on"))

    task = asyncio.create_task(bridge.run(synchronous))
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "went on"


@pytest.mark.parametrize("started", [bridge.run, lambda fn: bridge.drive(coroutine_of(fn))])
async def test_what_a_cancelled_call_leaves_is_closed_at_once_and_not_by_the_garbage_collector(
    started,
):
    def numbers():
        try:
            yield from range(5)
        finally:
            closed.append(True)

    def pausing(items):
        for item in items:
            bridge.wait(asyncio.sleep(60))
            yield item

    closed = []
    gc.disable()
    try:
        task = asyncio.create_task(started(lambda: list(pausing(numbers()))))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        del task
        await asyncio.sleep(0)
        assert closed == [True]
    finally:
        gc.enable()


async def coroutine_of(fn):
    return fn()


async def test_context_variables_go_in_and_come_out():
    colour.set("red")

    def synchronous():
        seen = [colour.get()]
        bridge.wait(asyncio.sleep(0))
        colour.set("blue")
        return seen

    assert await bridge.run(synchronous) == ["red"]
    assert colour.get() == "blue"


async def test_context_variables_of_two_tasks_stay_apart():
    def synchronous(name):
        colour.set(name)
        bridge.wait(asyncio.sleep(0))
        return colour.get()

    assert await asyncio.gather(bridge.run(synchronous, "a"), bridge.run(synchronous, "b")) == [
        "a",
        "b",
    ]
    assert colour.get() == "none"


async def test_the_exception_being_handled_is_known_inside():
    raised = LookupError("outside")
    try:
        raise raised
    except LookupError:
        before = raised.__traceback__
        handled = await bridge.run(sys.exception)
    assert handled is raised
    assert raised.__traceback__ is before
    assert await bridge.run(sys.exception) is None


async def test_the_current_task_is_the_callers():
    assert await bridge.run(asyncio.current_task) is asyncio.current_task()


async def test_drive_lets_synchronous_code_in_a_coroutine_wait():
    async def view():
        first = bridge.wait(answer(1))
        second = await answer(2)
        third = await bridge.run(bridge.wait, answer(3))
        return first, second, third

    assert await bridge.drive(view()) == (1, 2, 3)


async def test_nested_run_calls_directly():
    def outer():
        return greenlet.getcurrent(), bridge.wait(bridge.run(greenlet.getcurrent))

    here, nested = await bridge.run(outer)
    assert here is nested


async def test_deep_nesting_of_drive_wait_and_run():
    async def descend(depth):
        if depth == 0:
            return bridge.wait(answer("bottom"))
        if depth % 2:
            return await bridge.run(bridge.wait, descend(depth - 1))
        return await bridge.drive(descend(depth - 1))

    assert await bridge.drive(descend(20)) == "bottom"


async def test_a_generator_may_wait_between_its_items():
    def numbers():
        for number in range(3):
            bridge.wait(asyncio.sleep(0))
            yield number

    generator = numbers()
    assert await bridge.run(next, generator) == 0
    assert await bridge.run(list, generator) == [1, 2]


async def test_an_async_generator_may_wait_between_its_items():
    async def numbers():
        for number in range(3):
            bridge.wait(asyncio.sleep(0))
            yield number

    async def collect():
        return [number async for number in numbers()]

    assert await bridge.drive(collect()) == [0, 1, 2]


async def test_a_task_started_eagerly_inside_has_a_greenlet_of_its_own():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    events = []

    async def child():
        events.append(bridge.inside())
        await bridge.run(waiting, "child")

    def waiting(name):
        events.append(f"{name} before")
        bridge.wait(asyncio.sleep(0))
        events.append(f"{name} after")

    async def parent():
        task = asyncio.create_task(child())
        waiting("parent")
        await task
        return bridge.inside()

    assert await bridge.drive(parent())
    assert events == [False, "child before", "parent before", "child after", "parent after"]


async def test_a_thread_is_outside():
    def synchronous():
        return bridge.wait(asyncio.to_thread(bridge.inside))

    assert await bridge.run(synchronous) is False


async def test_on_wait_is_called_before_waiting_and_at_the_end():
    events = []

    def synchronous():
        assert bridge.on_wait(lambda: events.append("given up"))
        bridge.wait(asyncio.sleep(0))
        events.append("waited")
        bridge.suspend(asyncio.sleep(0))
        events.append("suspended")

    await bridge.run(synchronous)
    assert events == ["given up", "waited", "suspended", "given up"]


async def test_on_wait_does_nothing_outside():
    assert not bridge.on_wait(lambda: None)


def closed_quietly(coroutine):
    """The error of wait() for a coroutine, which must not be left to warn that nobody awaited it."""
    with pytest.raises(BridgeError) as caught:
        bridge.wait(coroutine)
    return caught.value.code


def test_wait_in_plain_code_is_refused():
    assert closed_quietly(answer(1)) == "R101"


async def test_wait_in_a_coroutine_that_is_not_driven_is_refused():
    assert closed_quietly(answer(1)) == "R102"


async def test_wait_in_a_foreign_greenlet_is_refused():
    def synchronous():
        return greenlet.greenlet(closed_quietly).switch(answer(1))

    assert await bridge.run(synchronous) == "R103"
    assert synchronous() == "R103"


async def test_run_outside_a_task_is_refused():
    coroutine = bridge.run(int)
    refused = asyncio.get_running_loop().create_future()

    def step():
        try:
            coroutine.send(None)
        except BridgeError as error:
            refused.set_result(error.code)

    asyncio.get_running_loop().call_soon(step)
    assert await refused == "R104"


def test_a_loop_that_ends_unwinds_what_waits():
    events = []

    def synchronous():
        try:
            bridge.wait(asyncio.Event().wait())
        finally:
            events.append("unwound")

    coroutine = bridge.run(synchronous)

    async def start():
        asyncio.current_task()
        coroutine.send(None)

    asyncio.run(start())
    coroutine.close()
    assert events == ["unwound"]


async def test_nothing_can_be_awaited_while_being_closed():
    seen = []

    def synchronous():
        try:
            bridge.wait(asyncio.Event().wait())
        except GeneratorExit:
            try:
                bridge.wait(asyncio.sleep(0))
            except BridgeError as error:
                seen.append(error.code)
            raise

    coroutine = bridge.run(synchronous)
    coroutine.send(None)
    coroutine.close()
    assert seen == ["R105"]


class TestAGreenletServesOneCallAfterAnother:
    async def test_each_with_its_own_task_and_context(self):
        seen = []
        variable = contextvars.ContextVar("variable", default=0)

        def call(number):
            before = variable.get()
            variable.set(number)
            bridge.wait(asyncio.sleep(0))
            seen.append((greenlet.getcurrent(), asyncio.current_task(), before, variable.get()))

        for number in (1, 2):
            await asyncio.create_task(bridge.run(call, number))
        (greenlet1, task1, *values1), (greenlet2, task2, *values2) = seen
        assert greenlet1 is greenlet2
        assert task1 is not task2
        assert [values1, values2] == [[0, 1], [0, 2]]

    async def test_what_is_to_be_called_on_waiting_is_asked_for_by_each(self):
        events = []

        def asking():
            bridge.on_wait(lambda: events.append("given up"))

        await bridge.run(asking)
        await bridge.run(lambda: bridge.wait(asyncio.sleep(0)))
        assert events == ["given up"]

    async def test_it_keeps_nothing_of_a_call(self):
        class Thing:
            pass

        thing = Thing()
        gone = weakref.ref(thing)
        returned = await bridge.run(lambda used: used, thing)
        assert returned is thing
        del thing, returned
        assert gone() is None

    async def test_one_that_failed_is_not_used_again(self):
        used = []

        def fail():
            used.append(greenlet.getcurrent())
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011 - its type is all there is to it
            await bridge.run(fail)
        await bridge.run(lambda: used.append(greenlet.getcurrent()))
        assert used[0].dead
        assert used[0] is not used[1]


async def test_a_greenlet_that_was_closed_and_went_on_leaves_nothing_to_the_next_call():
    def stubborn():
        try:
            bridge.wait(asyncio.Event().wait())
        except GeneratorExit:
            return

    coroutine = bridge.run(stubborn)
    coroutine.send(None)
    coroutine.close()
    assert await bridge.run(bridge.wait, answer("next")) == "next"
