"""`gather`: the first error in order wins, and everything has ended when it does."""

import asyncio
import gc
from contextvars import ContextVar

import pytest
from branches import Branches
from django.db import IntegrityError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pools import interval, until
from pools import overlap as overlaps
from testapp.models import Author, Tag

from django_unblock import aatomic, gather

colour = ContextVar("colour", default="none")


class TestGather:
    async def test_results_are_in_the_order_given(self):
        made = Branches()
        running = asyncio.create_task(gather(*(made.branch(name) for name in "abc")))
        await made.release("c", "a", "b")
        assert await running == ("a", "b", "c")
        assert made.events[:3] == ["a starts", "b starts", "c starts"]
        assert made.events[3:] == ["c ends", "a ends", "b ends"]

    async def test_nothing_to_do(self):
        assert await gather() == ()

    async def test_any_awaitable(self):
        future = asyncio.get_running_loop().create_future()
        future.set_result(1)
        assert await gather(future, asyncio.create_task(asyncio.sleep(0, 2))) == (1, 2)

    async def test_the_only_error_is_raised_and_later_branches_are_cancelled(self):
        made = Branches()
        running = asyncio.create_task(
            gather(made.branch("a"), made.branch("b", LookupError("b")), made.branch("c"))
        )
        await made.release("b")
        assert "c cancelled" in made.events
        assert "a cancelled" not in made.events
        assert not running.done()
        await made.release("a")
        with pytest.raises(LookupError, match="b"):
            await running
        assert made.events[-1] == "a ends"

    async def test_an_earlier_branch_that_fails_later_wins(self):
        made = Branches()
        running = asyncio.create_task(
            gather(
                made.branch("a"), made.branch("b", LookupError("b")), made.branch("c", OSError("c"))
            )
        )
        await made.release("c", "b", "a")
        with pytest.raises(LookupError, match="b"):
            await running
        assert made.events[3:] == ["c fails", "b fails", "a ends"]

    async def test_every_task_has_ended_when_it_raises(self):
        async def reluctant():
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)
                ended.append("reluctant")

        async def fails():
            await asyncio.sleep(0)
            raise LookupError

        ended = []
        with pytest.raises(LookupError):
            await gather(fails(), reluctant())
        assert ended == ["reluctant"]
        assert len(asyncio.all_tasks()) == 1

    async def test_cancelling_it_cancels_the_branches(self):
        made = Branches()
        running = asyncio.create_task(gather(made.branch("a"), made.branch("b")))
        await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert made.events[2:] == ["a cancelled", "b cancelled"]

    async def test_it_waits_for_its_branches_however_often_it_is_cancelled(self):
        async def reluctant():
            try:
                await asyncio.Event().wait()
            finally:
                await may_end.wait()
                ended.append("reluctant")

        may_end, ended = asyncio.Event(), []
        running = asyncio.create_task(gather(reluctant()))
        for _ in range(3):
            await asyncio.sleep(0.01)
            running.cancel()
        assert not running.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert ended == ["reluctant"]

    async def test_a_branch_that_is_cancelled_by_others_counts_as_failed(self):
        made = Branches()
        task = asyncio.create_task(made.branch("a"))
        running = asyncio.create_task(gather(task, made.branch("b")))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert made.events[2:] == ["a cancelled", "b cancelled"]

    async def test_what_waits_for_its_turn_never_starts_behind_an_error(self):
        made = Branches()
        running = asyncio.create_task(
            gather(made.branch("a", LookupError("a")), made.branch("b"), limit=1)
        )
        await made.release("a")
        with pytest.raises(LookupError, match="a"):
            await running
        assert made.events == ["a starts", "a fails"]

    async def test_errors_that_lose_are_not_reported_as_missed(self):
        reported = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: reported.append(told))
        made = Branches()
        running = asyncio.create_task(
            gather(made.branch("a", LookupError("a")), made.branch("b", OSError("b")))
        )
        await made.release("b", "a")
        with pytest.raises(LookupError, match="a"):
            await running
        del running
        gc.collect()
        assert reported == []

    async def test_context_variables_go_into_branches_and_stay_there(self):
        async def paint(name):
            seen.append(colour.get())
            colour.set(name)

        seen = []
        colour.set("red")
        await gather(paint("blue"), paint("green"))
        assert seen == ["red", "red"]
        assert colour.get() == "red"

    async def test_at_most_limit_at_a_time(self):
        running, most = 0, 0

        async def branch(number):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            return number

        assert await gather(*(branch(number) for number in range(10)), limit=3) == tuple(range(10))
        assert most == 3

    async def test_a_limit_below_one_is_refused(self):
        with pytest.raises(ValueError, match="limit of at least 1, not 0"):
            await gather(asyncio.sleep(0), limit=0)

    async def test_synchronous_orm_access_in_a_branch(self):
        async def branch():
            return Author.objects.count()

        assert await gather(branch(), branch()) == (0, 0)

    async def test_queries_overlap_on_the_server(self):
        async def branch():
            return interval(0.5)

        assert overlaps(await gather(*(branch() for _ in range(4))))

    async def test_in_a_transaction_it_stops_at_the_first_error(self):
        async def branch(name, error=None):
            events.append(name)
            await Author.objects.acount()
            if error is not None:
                raise error

        async def work():
            async with aatomic():
                await gather(branch("a"), branch("b", LookupError()), branch("c"))

        events = []
        with pytest.raises(LookupError):
            await work()
        assert events == ["a", "b"]

    async def test_in_a_transaction_what_is_behind_an_error_is_closed(self):
        async def branch(error=None):
            if error is not None:
                raise error

        behind = branch()
        async with aatomic():
            with pytest.raises(LookupError):
                await gather(branch(LookupError()), behind)
        assert behind.cr_frame is None

    async def test_in_a_transaction_a_cancellation_stops_it(self):
        made = Branches()

        async def work():
            async with aatomic():
                await gather(made.branch("a"), made.branch("b"))

        running = asyncio.create_task(work())
        await until(lambda: made.events)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert made.events == ["a starts", "a cancelled"]


@pytest.mark.usefixtures("clean_tables")
async def test_an_integrity_error_in_one_branch_leaves_the_others_alone():
    async def create(name):
        async with aatomic():
            return await Tag.objects.acreate(name=name)

    with pytest.raises(IntegrityError):
        await gather(create("a"), create("b"), create("a"))
    assert {tag.name async for tag in Tag.objects.all()} == {"a", "b"}


branches = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([None, LookupError, OSError])), max_size=6
)


@pytest.mark.parametrize("factory", [None, asyncio.eager_task_factory])
@settings(max_examples=60, deadline=None)
@given(plan=branches, limit=st.none() | st.integers(1, 3))
@example(plan=[(0, LookupError), (1, None), (0, None)], limit=1)
def test_the_same_as_one_after_the_other(factory, plan, limit):
    """Whatever the branches' order of ending: the same results, or the same error, and no task left."""

    async def branch(number, turns, error):
        started.append(number)
        try:
            for _ in range(turns):
                await asyncio.sleep(0)
            if error is not None:
                raise error(number)
            return number
        finally:
            ended.append(number)

    async def main():
        asyncio.get_running_loop().set_task_factory(factory)
        calls = [branch(number, *steps) for number, steps in enumerate(plan)]
        try:
            async with asyncio.timeout(10):
                outcome = await gather(*calls, limit=limit)
        except (LookupError, OSError) as error:
            outcome = type(error), error.args
        return outcome, len(asyncio.all_tasks())

    started, ended = [], []
    failures = [(error, (number,)) for number, (_, error) in enumerate(plan) if error is not None]
    expected = failures[0] if failures else tuple(range(len(plan)))
    assert asyncio.run(main()) == (expected, 1)
    assert sorted(started) == sorted(ended)
    if limit == 1 and failures:
        assert started == list(range(failures[0][1][0] + 1))
