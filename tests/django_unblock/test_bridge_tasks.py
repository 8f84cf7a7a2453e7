"""The bridge among asyncio's own means: cancellation, timeouts, groups, eager tasks, other loops."""

import asyncio
import gc
import signal
import sys
import threading
from contextlib import aclosing, suppress

import pytest
import uvloop
from testapp.models import Author

from django_unblock import bridge, gather, load, unblock


def eager_loop():
    """A loop whose tasks begin to run where they are made."""
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    return loop


LOOPS = {"asyncio": asyncio.new_event_loop, "eager": eager_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(params=LOOPS)
def runner(request):
    """Runs coroutines on one loop of that kind."""
    with asyncio.Runner(loop_factory=LOOPS[request.param]) as made:
        yield made


def is_eager(runner):
    return runner.get_loop().get_task_factory() is asyncio.eager_task_factory


class Steps:
    """Synchronous code that waits three times, at one of them forever, and notes what happens."""

    def __init__(self, stay_at=None):
        self.stay_at = stay_at
        self.events = []

    def __call__(self):
        try:
            for step in range(3):
                self.events.append(step)
                bridge.wait(self.until_released(step))
            return "done"
        except asyncio.CancelledError:
            self.events.append("cancelled")
            raise
        finally:
            bridge.wait(asyncio.sleep(0))
            self.events.append("ended")

    async def until_released(self, step):
        await asyncio.sleep(0)
        if step == self.stay_at:
            await asyncio.Event().wait()


async def reached(steps, step):
    """Return when the code waits for the given time."""
    async with asyncio.timeout(10):
        while step not in steps.events:  # noqa: ASYNC110 - any number of turns
            await asyncio.sleep(0)
        await asyncio.sleep(0)


class TestCancellation:
    @pytest.mark.parametrize("step", range(3))
    def test_at_each_wait(self, runner, step):
        async def main():
            steps = Steps(stay_at=step)
            task = asyncio.create_task(bridge.run(steps))
            await reached(steps, step)
            task.cancel("as asked")
            with pytest.raises(asyncio.CancelledError, match="as asked"):
                await task
            return task.cancelled(), steps.events

        assert runner.run(main()) == (True, [*range(step + 1), "cancelled", "ended"])

    def test_before_it_begins(self, runner):
        async def main():
            steps = Steps()
            task = asyncio.create_task(bridge.run(steps))
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return steps.events

        assert runner.run(main()) == ([] if not is_eager(runner) else [0, "cancelled", "ended"])

    def test_of_a_coroutine_that_is_driven(self, runner):
        async def view(steps):
            return await bridge.run(steps)

        async def main():
            steps = Steps(stay_at=1)
            task = asyncio.create_task(bridge.drive(view(steps)))
            await reached(steps, 1)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return steps.events

        assert runner.run(main()) == [0, 1, "cancelled", "ended"]

    def test_a_second_one_while_cleaning_up(self, runner):
        async def main():
            def stubborn():
                try:
                    bridge.wait(asyncio.Event().wait())
                finally:
                    with suppress(asyncio.CancelledError):
                        bridge.wait(asyncio.Event().wait())
                    events.append("cleaned up")

            events = []
            task = asyncio.create_task(bridge.run(stubborn))
            for _ in range(2):
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return events, task.cancelling()

        assert runner.run(main()) == (["cleaned up"], 2)


class TestTimeouts:
    def test_around_the_bridge(self, runner):
        async def main():
            steps = Steps(stay_at=1)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await bridge.run(steps)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bridge.run(forever), 0.01)
            return steps.events, asyncio.current_task().cancelling()

        def forever():
            bridge.wait(asyncio.Event().wait())

        assert runner.run(main()) == ([0, 1, "cancelled", "ended"], 0)

    def test_inside_the_bridge(self, runner):
        async def impatient():
            async with asyncio.timeout(0.01):  # noqa: ASYNC100 - it is `wait` that awaits
                bridge.wait(asyncio.Event().wait())

        def synchronous():
            for late in (impatient(), asyncio.wait_for(asyncio.Event().wait(), 0.01)):
                with pytest.raises(TimeoutError):
                    bridge.wait(late)
            return bridge.wait(asyncio.sleep(0, "goes on"))

        assert runner.run(bridge.run(synchronous)) == "goes on"

    def test_one_that_does_not_run_out(self, runner):
        async def main():
            async with asyncio.timeout(60):
                return await bridge.run(Steps())

        assert runner.run(main()) == "done"


class TestGroups:
    def test_a_task_group_of_bridged_work(self, runner):
        async def view():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(bridge.run(Steps())) for _ in range(3)]
            return [task.result() for task in tasks]

        assert runner.run(bridge.drive(view())) == ["done"] * 3

    def test_one_that_fails_cancels_the_others_and_waits_for_them(self, runner):
        def fails():
            bridge.wait(asyncio.sleep(0))
            raise LookupError("as asked")

        async def view(steps):
            async with asyncio.TaskGroup() as group:
                group.create_task(bridge.run(steps))
                group.create_task(bridge.run(fails))

        async def main():
            steps = Steps(stay_at=0)
            with pytest.raises(ExceptionGroup) as caught:
                await bridge.drive(view(steps))
            return steps.events, [type(error) for error in caught.value.exceptions]

        assert runner.run(main()) == ([0, "cancelled", "ended"], [LookupError])

    def test_synchronous_code_in_the_group_s_own_body(self, runner):
        async def view():
            async with asyncio.TaskGroup() as group:
                child = group.create_task(bridge.run(Steps()))
                return bridge.wait(child)

        assert runner.run(bridge.drive(view())) == "done"


class TestQueries:
    """The engine on either loop, with either kind of tasks."""

    def test_one_after_the_other_and_overlapping(self, runner):
        async def main():
            authors = Author.objects.all()
            counts = await gather(*(unblock(Author.objects.count)() for _ in range(3)))
            return counts, list(await load(authors)), await Author.objects.acount()

        assert runner.run(bridge.drive(main())) == ((0, 0, 0), [], 0)

    def test_a_cancelled_query(self, runner):
        async def main():
            task = asyncio.create_task(unblock(sleep_in_the_database)())
            await asyncio.sleep(0.05)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return task.cancelled(), await Author.objects.acount()

        def sleep_in_the_database():
            list(Author.objects.raw("SELECT pg_sleep(30) AS id"))

        assert runner.run(main()) == (True, 0)


class TestTheWholeLoop:
    def test_an_interrupt_is_raised_by_the_runner(self):
        seen = []

        def synchronous():
            try:
                signal.raise_signal(signal.SIGINT)
                bridge.wait(asyncio.Event().wait())
            except asyncio.CancelledError:
                seen.append("cancelled")
                raise

        # Where the tests run in a shell's background, the signal is ignored.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with pytest.raises(KeyboardInterrupt):
                asyncio.run(bridge.run(synchronous))
        finally:
            signal.signal(signal.SIGINT, before)
        assert seen == ["cancelled"]

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
    def test_an_error_that_ends_the_loop(self, error):
        def synchronous():
            bridge.wait(asyncio.sleep(0))
            raise error

        with pytest.raises(error):
            asyncio.run(bridge.run(synchronous))
        assert asyncio.run(bridge.run(int)) == 0

    def test_loops_in_several_threads(self):
        def synchronous(name):
            for _ in range(20):
                bridge.wait(asyncio.sleep(0))
            return name, threading.current_thread().name

        def work(name):
            results.append(asyncio.run(bridge.run(synchronous, name)))

        results = []
        threads = [threading.Thread(target=work, args=(n,), name=f"t{n}") for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [(n, f"t{n}") for n in range(4)]

    async def test_a_loop_in_a_thread_started_from_inside(self):
        def synchronous():
            return bridge.wait(asyncio.to_thread(asyncio.run, bridge.run(bridge.inside)))

        assert await bridge.run(synchronous)

    async def test_a_loop_inside_a_loop_is_refused_as_ever(self):
        def synchronous():
            coroutine = asyncio.sleep(0)
            try:
                asyncio.run(coroutine)
            finally:
                coroutine.close()

        with pytest.raises(RuntimeError, match="cannot be called from a running event loop"):
            await bridge.run(synchronous)


class TestDepth:
    async def test_waiting_far_down(self):
        def descend(depth):
            return descend(depth - 1) if depth else bridge.wait(asyncio.sleep(0, "bottom"))

        assert await bridge.run(descend, sys.getrecursionlimit() // 2) == "bottom"

    async def test_endless_recursion_is_an_error_that_leaves_the_bridge_in_order(self):
        def descend():
            return descend()

        def recover():
            with suppress(RecursionError):
                descend()
            return bridge.wait(asyncio.sleep(0, "recovered"))

        with pytest.raises(RecursionError):
            await bridge.run(descend)
        assert await bridge.run(recover) == "recovered"


class TestGenerators:
    async def test_a_generator_left_early_may_wait_while_it_is_closed(self):
        def numbers():
            try:
                yield from range(3)
            finally:
                bridge.wait(asyncio.sleep(0))
                events.append("closed")

        def first():
            for number in numbers():
                return number
            return None

        events = []
        assert await bridge.run(first) == 0
        assert events == ["closed"]

    async def test_an_async_generator_closed_early_may_wait(self):
        async def numbers():
            try:
                for number in range(3):
                    yield number
            finally:
                bridge.wait(asyncio.sleep(0))
                events.append("closed")

        async def first():
            async with aclosing(numbers()) as generator:
                async for number in generator:
                    return number
            return None

        events = []
        assert await bridge.drive(first()) == 0
        assert events == ["closed"]

    async def test_an_error_thrown_into_a_generator(self):
        def patient():
            try:
                yield
            except LookupError:
                bridge.wait(asyncio.sleep(0))
                yield "caught"

        generator = patient()
        await bridge.run(next, generator)
        assert await bridge.run(generator.throw, LookupError()) == "caught"

    async def test_cancelled_in_an_async_generator(self):
        async def numbers():
            try:
                yield 0
                bridge.wait(asyncio.Event().wait())
            finally:
                bridge.wait(asyncio.sleep(0))
                events.append("closed")

        async def consume():
            async for number in numbers():
                events.append(number)  # noqa: PERF401 - one by one, until it is cancelled

        events = []
        task = asyncio.create_task(bridge.drive(consume()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert events == [0, "closed"]

    async def test_an_async_generator_nobody_closes_is_closed_by_the_loop_outside_the_bridge(self):
        async def numbers():
            try:
                for number in range(3):
                    yield number
            finally:
                bridge.wait(asyncio.sleep(0))

        async def first():
            async for number in numbers():
                return number
            return None

        reported = asyncio.Queue()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, told: reported.put_nowait(told["exception"]))
        assert await bridge.drive(first()) == 0
        gc.collect()
        assert (await reported.get()).code == "R102"
