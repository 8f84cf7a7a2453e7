"""`load`, `unblock` and `offload`."""

import asyncio
import threading

import pytest
from django.db import ProgrammingError, connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pools import stats, until
from testapp.models import Author, Book, Tag

from django_unblock import aatomic, bridge, load, offload, unblock


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

    async def test_nothing_to_do(self):
        assert await load() == ()

    async def test_the_first_error_wins_and_the_others_have_ended(self):
        class Recorded(QuerySet):
            def _fetch_all(self):
                events.append(f"{self.query.high_mark} begins")
                try:
                    super()._fetch_all()
                except BaseException as error:
                    events.append(f"{self.query.high_mark} {type(error).__name__}")
                    raise

        events = []
        slow = Recorded(Author).extra(where=["pg_sleep(30) IS NULL"])[:2]
        with pytest.raises(ProgrammingError, match="nonsense"):
            await load(Recorded(Author).extra(where=["nonsense"])[:1], slow)
        assert events == ["1 begins", "2 begins", "1 ProgrammingError", "2 CancelledError"]

    async def test_in_a_transaction_one_after_the_other(self):
        authors, tags = Author.objects.all(), Tag.objects.all()
        async with aatomic():
            with CaptureQueriesContext(connection) as queries:
                await load(authors, tags)
        tables = [query["sql"].split('"')[1] for query in queries]
        assert tables == ["testapp_author", "testapp_tag"]


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

    async def test_the_traceback_of_offloaded_work_is_whole(self):
        def fails():
            raise LookupError

        async def view():
            await offload(fails)()

        for coroutine in (view(), bridge.drive(view())):
            with pytest.raises(LookupError) as caught:
                await coroutine
            assert caught.traceback[-1].name == "fails"

    @pytest.mark.usefixtures("clean_tables")
    async def test_both_are_in_the_transaction_they_are_called_in(self):
        async with aatomic():
            await unblock(Author.objects.create)(name="a")
            assert await offload(Author.objects.count)() == 1

    async def test_cancelling_offloaded_work_leaves_its_thread_to_end(self):
        def work():
            started.set()
            may_end.wait(10)
            ended.set()

        started, may_end, ended = threading.Event(), threading.Event(), threading.Event()
        running = asyncio.create_task(offload(work)())
        await until(started.is_set)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not ended.is_set()
        may_end.set()
        await until(ended.is_set)
