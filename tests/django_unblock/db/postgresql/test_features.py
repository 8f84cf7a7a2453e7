"""What PostgreSQL and psycopg can do beside plain queries, on the loop."""

import asyncio
import datetime as dt
from enum import Enum

import psycopg
import pytest
from django.db import (
    DatabaseError,
    OperationalError,
    connection,
    connections,
    models,
    transaction,
)
from django.db.backends.signals import connection_created
from django.db.models.functions import TruncHour
from django.test import override_settings
from django.utils import timezone
from pools import backend_pid, stats, until
from psycopg.types.enum import EnumInfo, register_enum
from testapp.models import Author, Book, Review

from django_unblock import aatomic, bridge, gather, unblock
from django_unblock.db import pools
from django_unblock.scopes import settings_changed


@pytest.fixture
def authors(clean_tables):
    return Author.objects.bulk_create(Author(name=f"author {n}") for n in range(6))


def one(statement, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


class TestNotifications:
    def channels(self):
        return one("SELECT array(SELECT pg_listening_channels())")

    def listen(self, ready):
        with connection.cursor() as cursor:
            cursor.execute("LISTEN news")
        ready.set()
        found = connection.connection.notifies(timeout=10, stop_after=2)
        return [note.payload for note in found]

    async def tell(self, ready, *news):
        await ready.wait()
        for payload in news:
            await unblock(one)("SELECT pg_notify('news', %s)", [payload])

    async def test_they_arrive_while_others_query(self):
        ready = asyncio.Event()
        told = gather(unblock(self.listen)(ready), self.tell(ready, "a", "b"))
        assert (await told)[0] == ["a", "b"]

    async def test_the_next_user_of_the_connection_does_not_listen(self):
        ready = asyncio.Event()
        await gather(unblock(self.listen)(ready), self.tell(ready, "a", "b"))
        heard = await gather(*(unblock(self.channels)() for _ in range(3)))
        assert heard == ([], [], [])
        assert stats()["in use"] == 0

    async def test_a_handler_hears_nothing_of_the_connections_next_user(self):
        def handle():
            connection.ensure_connection()
            connection.connection.add_notify_handler(heard.append)
            execute("LISTEN news")
            execute("NOTIFY news, 'mine'")

        heard = []
        await unblock(handle)()
        await gather(*(unblock(execute)("NOTIFY news, 'later'") for _ in range(3)))
        assert [note.payload for note in heard] == ["mine"]

    async def test_a_listener_that_is_cancelled(self):
        ready = asyncio.Event()
        listener = asyncio.create_task(unblock(self.listen)(ready))
        await ready.wait()
        listener.cancel()
        await asyncio.wait([listener])
        assert listener.cancelled()
        assert await unblock(self.channels)() == []


class TestCopyAndPipelines:
    async def test_a_copy_that_is_cancelled(self, authors):
        def endless():
            with connection.cursor() as cursor, cursor.copy("COPY testapp_tag FROM STDIN") as copy:
                for number in range(10**9):
                    copy.write_row([number, str(number)])
                    if number % 1000 == 0:
                        bridge.wait(asyncio.sleep(0))
                        begun.set()

        begun = asyncio.Event()
        task = asyncio.create_task(unblock(endless)())
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await unblock(one)("SELECT count(*) FROM testapp_tag") == 0
        assert stats()["in use"] == 0

    async def test_a_copy_of_rows_that_do_not_fit(self):
        def wrong():
            with connection.cursor() as cursor, cursor.copy("COPY testapp_tag FROM STDIN") as copy:
                copy.write_row(["no number", "x"])

        with pytest.raises(psycopg.DataError, match="invalid input syntax"):
            await unblock(wrong)()
        assert await unblock(one)("SELECT 1") == 1

    async def test_a_pipeline_keeps_its_connection(self):
        def piped():
            connection.ensure_connection()
            with connection.connection.pipeline(), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                bridge.wait(asyncio.sleep(0))
                assert stats()["in use"] == 1
                first = cursor.fetchone()
                cursor.execute("SELECT 2")
                return [first, cursor.fetchone()]

        assert await unblock(piped)() == [(1,), (2,)]
        assert stats()["in use"] == 0


class TestIterator:
    async def test_several_at_the_same_time_each_read_their_own(self, authors):
        async def names(start):
            found = Author.objects.filter(pk__gte=start.pk).order_by("pk")
            return [author.name async for author in found.aiterator(chunk_size=1)]

        everything = [author.name for author in authors]
        read = await gather(*(names(author) for author in authors))
        assert read == tuple(everything[start:] for start in range(len(authors)))
        assert stats()["in use"] == 0

    async def test_one_that_is_left_early_gives_its_connection_back(self, authors):
        def first_two():
            rows = Author.objects.order_by("pk").iterator(chunk_size=1)
            return [next(rows).name, next(rows).name]

        async def first():
            async for author in Author.objects.order_by("pk").aiterator(chunk_size=1):
                return author.name
            return None

        assert await unblock(first_two)() == ["author 0", "author 1"]
        assert await asyncio.create_task(first()) == "author 0"
        await until(lambda: stats()["in use"] == 0)

    async def test_in_a_transaction_the_cursor_ends_with_it(self, authors):
        def read():
            with transaction.atomic():
                rows = Author.objects.order_by("pk").iterator(chunk_size=1)
                next(rows)
            with pytest.raises(DatabaseError, match=r"cursor .* does not exist"):
                next(rows)

        await unblock(read)()
        assert stats()["in use"] == 0

    async def test_prefetches_with_a_chunk_size(self, authors):
        await Book.objects.abulk_create(Book(title="t", author=author) for author in authors)
        found = Author.objects.prefetch_related("books").order_by("pk")
        titles = [
            [book.title for book in author.books.all()]
            async for author in found.aiterator(chunk_size=2)
        ]
        assert titles == [["t"]] * len(authors)

    async def test_without_server_side_cursors(self, authors, monkeypatch):
        def cursors_while_reading():
            rows = Author.objects.iterator(chunk_size=1)
            next(rows)
            return one("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django%'")

        assert await unblock(cursors_while_reading)() == 1
        monkeypatch.setitem(connections.settings["default"], "DISABLE_SERVER_SIDE_CURSORS", True)
        assert await asyncio.create_task(unblock(cursors_while_reading)()) == 0


class TestLocks:
    async def rename(self, author, suffix, order, locked=None):
        async with aatomic():
            row = await Author.objects.select_for_update().aget(pk=author.pk)
            order.append(f"{suffix} locks")
            if locked is not None:
                await locked()
            row.name += suffix
            await row.asave()
            order.append(f"{suffix} is done")

    async def test_who_waits_for_a_row_blocks_nobody(self, authors):
        async def others():
            waiting.set()
            assert await Author.objects.acount() == 6

        waiting, order = asyncio.Event(), []
        first = asyncio.create_task(self.rename(authors[0], "a", order, others))
        await waiting.wait()
        await gather(first, self.rename(authors[0], "b", order))
        assert order == ["a locks", "a is done", "b locks", "b is done"]
        await authors[0].arefresh_from_db()
        assert authors[0].name == "author 0ab"

    async def test_nowait_and_skip_locked(self, authors):
        async def others():
            asking = Author.objects.select_for_update(nowait=True)
            with pytest.raises(OperationalError, match="could not obtain lock"):
                await asyncio.create_task(self.locked(asking))
            skipping = Author.objects.select_for_update(skip_locked=True)
            assert await asyncio.create_task(self.locked(skipping)) == 5

        async with asyncio.timeout(10):
            outside = asyncio.Event()
            holder = asyncio.create_task(self.rename(authors[0], "a", [], outside.wait))
            await until(lambda: stats()["in use"] == 1)
            await others()
            outside.set()
            await holder

    async def locked(self, queryset):
        async with aatomic():
            return len([author async for author in queryset])

    async def test_outside_of_a_transaction_it_is_refused(self, authors):
        with pytest.raises(transaction.TransactionManagementError):
            await Author.objects.select_for_update().aget(pk=authors[0].pk)

    async def test_a_deadlock_is_ended_by_the_server(self, authors):
        async def both(one, other):
            async with aatomic():
                await Author.objects.select_for_update().aget(pk=one.pk)
                await met.wait()
                await Author.objects.select_for_update().aget(pk=other.pk)

        met = asyncio.Barrier(2)
        ended = await asyncio.gather(
            both(authors[0], authors[1]), both(authors[1], authors[0]), return_exceptions=True
        )
        errors = [error for error in ended if error is not None]
        assert len(errors) == 1
        assert "deadlock detected" in str(errors[0])
        assert stats()["in use"] == 0


class TestTimeZones:
    async def test_each_task_has_its_own(self, clean_tables):
        author = await Author.objects.acreate(name="a")
        book = await author.books.acreate(title="t")
        await Review.objects.acreate(book=book, text="x")
        await Review.objects.aupdate(created=dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC))

        async def hour(name):
            with timezone.override(name):
                await asyncio.sleep(0)
                found = Review.objects.annotate(hour=TruncHour("created"))
                return (await found.aget()).hour.hour

        assert await gather(hour("UTC"), hour("Asia/Tokyo"), hour("America/New_York")) == (
            12,
            21,
            7,
        )

    async def test_that_of_the_database(self, monkeypatch, clean_tables):
        monkeypatch.setitem(connections.settings["default"], "TIME_ZONE", "Asia/Tokyo")
        settings_changed()
        assert await asyncio.create_task(unblock(one)("SHOW TimeZone")) == "Asia/Tokyo"
        author = await Author.objects.acreate(name="a")
        book = await author.books.acreate(title="t")
        review = await asyncio.create_task(Review.objects.acreate(book=book, text="x"))
        read = await Review.objects.aget(pk=review.pk)
        assert read.created == review.created
        assert read.created.utcoffset() == dt.timedelta(hours=9)
        settings_changed()


class Colour(Enum):
    RED = "red"


class TestAdapters:
    async def test_types_registered_on_each_connection(self):
        def register(*, connection, **_kwargs):
            info = EnumInfo.fetch(connection.connection, "colour")
            register_enum(info, connection.connection, Colour, mapping={Colour.RED: "red"})

        await unblock(execute)("CREATE TYPE colour AS ENUM ('red')")
        await pools.close_all()
        connection_created.connect(register)
        try:
            read = await gather(*(unblock(one)("SELECT 'red'::colour") for _ in range(4)))
        finally:
            connection_created.disconnect(register)
            await pools.close_all()
            await unblock(execute)("DROP TYPE colour")
        assert read == (Colour.RED,) * 4

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            (models.JSONField(), {"a": [1, None, "ü"]}),
            (models.BinaryField(), b"\x00\xff"),
            (models.UUIDField(), "6f0d4b4c-7a5e-4f44-9d86-3c9f9f1a2b3c"),
            (models.DurationField(), dt.timedelta(days=400, microseconds=1)),
            (models.GenericIPAddressField(), "2001:db8::1"),
        ],
        ids=lambda value: type(value).__name__,
    )
    async def test_values_of_fields(self, field, value):
        def there_and_back():
            value_ = models.Value(value, output_field=field)
            return Author.objects.annotate(value=value_).values_list("value", flat=True).get()

        await Author.objects.acreate(name="only")
        try:
            back = await unblock(there_and_back)()
        finally:
            await Author.objects.all().adelete()
        back = bytes(back) if isinstance(back, memoryview) else back
        assert back == value or str(back) == value


class TestPreparedStatements:
    async def test_each_connection_prepares_its_own(self, monkeypatch, authors):
        async def names(*, together):
            async with aatomic():
                await together.wait()
                return await unblock(self.prepared)()

        options = connections.settings["default"]["OPTIONS"]
        monkeypatch.setitem(
            connections.settings["default"],
            "OPTIONS",
            {**options, "prepare_threshold": 0, "server_side_binding": True},
        )
        try:
            barrier = asyncio.Barrier(3)
            read = await gather(*(names(together=barrier) for _ in range(3)))
        finally:
            await pools.close_all()
        assert len({pid for pid, _ in read}) == 3
        assert all(count >= 1 for _, count in read)

    def prepared(self):
        for author in Author.objects.order_by("pk")[:3]:
            assert Author.objects.get(pk=author.pk) == author
        return backend_pid(), one("SELECT count(*) FROM pg_prepared_statements")


@override_settings(USE_TZ=False)
async def test_naive_datetimes(clean_tables):
    moment = dt.datetime(2026, 1, 1, 12)  # noqa: DTZ001 - USE_TZ is off
    author = await Author.objects.acreate(name="a")
    book = await author.books.acreate(title="t")
    await Review.objects.acreate(book=book, text="x")
    await Review.objects.aupdate(created=moment)
    assert (await Review.objects.aget()).created == moment
