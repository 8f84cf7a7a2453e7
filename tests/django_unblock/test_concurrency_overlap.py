"""`overlap`: answers ahead, in order, and what becomes of them when the loop is left early."""

import asyncio
import gc

import pytest
from branches import Branches
from testapp.models import Tag

from django_unblock import aatomic, overlap


class TestOverlap:
    async def test_answers_belong_to_their_items_in_order(self):
        async def double(item):
            await asyncio.sleep(0.01 / (item + 1))
            return item * 2

        pairs = [(item, await answer) async for item, answer in overlap(double, range(5))]
        assert pairs == [(0, 0), (1, 2), (2, 4), (3, 6), (4, 8)]

    async def test_it_starts_up_to_limit_items_ahead(self):
        started = []

        async def note(item):
            started.append(item)

        seen = []
        async for _item, answer in overlap(note, range(5), limit=2):
            await answer
            await asyncio.sleep(0)
            seen.append(len(started))
        assert seen == [2, 3, 4, 5, 5]

    async def test_an_error_is_raised_at_its_item(self):
        async def fragile(item):
            if item == 1:
                raise LookupError(item)
            return item

        outcome = []
        async for item, answer in overlap(fragile, range(3)):
            try:
                outcome.append(await answer)
            except LookupError:
                outcome.append(f"{item} failed")
        assert outcome == [0, "1 failed", 2]

    async def test_leaving_the_loop_cancels_what_was_started(self):
        made = Branches()
        async for _name, _answer in overlap(made.branch, "abc"):
            await asyncio.sleep(0)
            break
        for _ in range(5):
            await asyncio.sleep(0)
        assert made.events[3:] == ["a cancelled", "b cancelled", "c cancelled"]

    async def test_leaving_it_by_an_error_cancels_what_was_started(self):
        async def loop():
            async for _name, _answer in overlap(made.branch, "ab"):
                await asyncio.sleep(0)
                raise LookupError

        made = Branches()
        with pytest.raises(LookupError):
            await loop()
        assert made.events == ["a starts", "b starts"]
        for _ in range(5):
            await asyncio.sleep(0)
        assert made.events[2:] == ["a cancelled", "b cancelled"]

    async def test_cancelled_in_the_loop_it_cancels_what_was_started(self):
        async def loop():
            async for _name, answer in overlap(made.branch, "ab"):
                await answer

        made = Branches()
        running = asyncio.create_task(loop())
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
        for _ in range(5):
            await asyncio.sleep(0)
        assert made.events[2:] == ["a cancelled", "b cancelled"]
        assert len(asyncio.all_tasks()) == 1

    async def test_what_fails_while_it_is_left_behind_is_not_reported(self):
        async def fails(_item):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise OSError from None

        reported = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: reported.append(told))
        async for _item, _answer in overlap(fails, "ab"):
            await asyncio.sleep(0)
            break
        await asyncio.sleep(0.01)
        gc.collect()
        assert reported == []

    async def test_as_a_context_manager_left_by_an_error_it_has_waited_before_that_is_raised(self):
        async def reluctant(_item):
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append("reluctant")

        async def loop():
            async with overlap(reluctant, "ab") as answers:
                async for _name, _answer in answers:
                    await asyncio.sleep(0)
                    raise LookupError

        ended = []
        with pytest.raises(LookupError):
            await loop()
        assert ended == ["reluctant", "reluctant"]

    async def test_as_a_context_manager_it_waits_for_what_it_cancels(self):
        made = Branches()
        async with overlap(made.branch, "ab") as answers:
            async for _name, _answer in answers:
                await asyncio.sleep(0)
                break
        assert made.events[2:] == ["a cancelled", "b cancelled"]

    async def test_async_iterables_and_generators(self):
        async def identity(item):
            return item

        async def source():
            for item in range(3):
                yield item

        assert [await answer async for _, answer in overlap(identity, source())] == [0, 1, 2]
        items = (item for item in range(3))
        assert [await answer async for _, answer in overlap(identity, items)] == [0, 1, 2]

    @pytest.mark.usefixtures("clean_tables")
    async def test_a_queryset(self):
        await Tag.objects.abulk_create(Tag(name=name) for name in "abc")

        async def books(tag):
            return tag.name, tag.books.count()

        tags = Tag.objects.order_by("name")
        answers = [await answer async for _, answer in overlap(books, tags)]
        assert answers == [("a", 0), ("b", 0), ("c", 0)]

    @pytest.mark.usefixtures("clean_tables")
    async def test_in_a_transaction_each_is_computed_when_awaited(self):
        events = []

        async def create(name):
            events.append(f"create {name}")
            await Tag.objects.acreate(name=name)

        async with aatomic():
            async for name, answer in overlap(create, "ab"):
                events.append(f"body {name}")
                await answer
        assert events == ["body a", "create a", "body b", "create b"]

    async def test_a_limit_below_one_is_refused(self):
        with pytest.raises(ValueError, match="limit of at least 1"):
            overlap(asyncio.sleep, [], limit=0)
