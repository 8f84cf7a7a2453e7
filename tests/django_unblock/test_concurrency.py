import asyncio
import threading

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pools import interval, stats
from pools import overlap as overlaps
from testapp.models import Author, Book, Tag

from django_unblock import aatomic, bridge, gather, load, offload, overlap, unblock


class Branches:
    """Coroutines that record what happens to them, and end when told to."""

    def __init__(self):
        self.events = []
        self.gates = {}

    async def branch(self, name, error=None):
        self.events.append(f"{name} starts")
        try:
            await self.gates.setdefault(name, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.events.append(f"{name} cancelled")
            raise
        if error is not None:
            self.events.append(f"{name} fails")
            raise error
        self.events.append(f"{name} ends")
        return name

    async def release(self, *names):
        """Let the branches end, one after the other."""
        for name in names:
            await asyncio.sleep(0)
            self.gates.setdefault(name, asyncio.Event()).set()
            for _ in range(5):
                await asyncio.sleep(0)


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
            return interval(0.1)

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


@pytest.mark.usefixtures("clean_tables")
class TestLoad:
    async def library(self):
        author = await Author.objects.acreate(name="a")
        for title in ("x", "y"):
            book = await Book.objects.acreate(title=title, author=author)
            await book.reviews.acreate(text="good")

    async def test_one_queryset_is_returned_loaded(self):
        await self.library()
        books = Book.objects.order_by("title")
        assert await load(books) is books
        assert [book.title for book in books] == ["x", "y"]

    async def test_several_are_loaded_at_the_same_time_and_stay_querysets(self):
        await self.library()
        authors, books = Author.objects.all(), Book.objects.all()
        assert await load(authors, books) == (authors, books)
        assert len(authors) == 1
        assert books.filter(title="x").query.where

    async def test_prefetches_are_made(self):
        await self.library()
        (books,) = (await load(Book.objects.prefetch_related("reviews")),)
        assert [len(book.reviews.all()) for book in books] == [1, 1]

    async def test_what_is_loaded_makes_no_query(self):
        def count():
            books = Book.objects.all()
            bridge.wait(load(books))
            with CaptureQueriesContext(connection) as queries:
                bridge.wait(load(books))
            return len(queries)

        assert await unblock(count)() == 0

    async def test_the_same_queryset_twice_is_loaded_once(self):
        def count():
            books = Book.objects.all()
            with CaptureQueriesContext(connection) as queries:
                bridge.wait(load(books, books))
            return len(queries)

        assert await unblock(count)() == 1

    async def test_values_and_raw_querysets(self):
        await self.library()
        values = await load(Book.objects.order_by("pk").values_list("title", flat=True))
        assert list(values) == ["x", "y"]
        raw = await load(Author.objects.raw("SELECT * FROM testapp_author"))
        assert [author.name for author in raw] == ["a"]

    async def test_a_manager_is_refused(self):
        with pytest.raises(TypeError, match=r"load\(\) takes querysets"):
            await load(Book.objects)

    async def test_an_error_of_the_first_wins(self):
        bad = Author.objects.extra(where=["nonsense"])
        with pytest.raises(Exception, match="nonsense"):
            await load(Book.objects.all(), bad)


class TestUnblockAndOffload:
    async def test_unblock_runs_on_the_loop(self):
        assert await unblock(threading.current_thread)() is threading.current_thread()

    async def test_offload_runs_in_a_worker_thread(self):
        thread = await offload(threading.current_thread)()
        assert thread.name.startswith("unblock")

    async def test_both_pass_arguments_and_errors(self):
        for place in (unblock, offload):
            assert await place(int)("11", base=2) == 3
            with pytest.raises(ValueError, match="invalid literal"):
                await place(int)("x")

    async def test_both_refuse_async_functions(self):
        for place in (unblock, offload):
            with pytest.raises(TypeError, match="takes a synchronous callable"):
                place(asyncio.sleep)

    async def test_they_keep_the_name(self):
        def helper():
            """Helps."""

        assert unblock(helper).__name__ == offload(helper).__name__ == "helper"

    async def test_offloaded_orm_work_borrows_from_the_pool(self):
        assert await offload(Author.objects.count)() == 0
        await asyncio.sleep(0)
        assert stats() == {"open": 1, "idle": 1, "in use": 0}

    async def test_context_variables_of_offloaded_work_come_back(self):
        from django.utils import translation

        await offload(translation.activate)("de")
        assert translation.get_language() == "de"
        translation.deactivate_all()


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


@pytest.mark.usefixtures("clean_tables")
async def test_an_integrity_error_in_one_branch_leaves_the_others_alone():
    async def create(name):
        async with aatomic():
            return await Tag.objects.acreate(name=name)

    with pytest.raises(IntegrityError):
        await gather(create("a"), create("b"), create("a"))
    assert {tag.name async for tag in Tag.objects.all()} == {"a", "b"}
