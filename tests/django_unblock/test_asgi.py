import asyncio
import threading
from contextlib import contextmanager

import pytest
from asgi_client import Client
from django.contrib.auth.models import User
from django.core import signals
from django.test import TestCase, override_settings
from django.test.client import AsyncRequestFactory
from pools import sleeping_queries, stats, until
from testapp.middleware import events
from testapp.models import Author, Book

from django_unblock import bridge, lifespan
from django_unblock.asgi import Handler

pytestmark = pytest.mark.usefixtures("clean_tables")


@contextmanager
def receiving(signal, receiver):
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)


async def make_book():
    author = await Author.objects.acreate(name="Ada")
    return await Book.objects.acreate(title="Notes", author=author)


class TestViews:
    async def test_an_async_view_reads_a_relation_lazily(self):
        book = await make_book()
        answer = await Client(Handler()).get(f"/books/{book.pk}/")
        assert (answer.status, answer.body) == (200, b'{"title": "Notes", "author": "Ada"}')

    async def test_a_class_with_async_handlers(self):
        client = Client(Handler())
        assert (await client.get("/class/")).body == (await client.get("/counts/")).body
        assert (await client.request("OPTIONS", "/class/")).status == 200

    async def test_a_sync_view_runs_in_a_worker_thread(self):
        book = await make_book()
        answer = await Client(Handler()).get(f"/sync-books/{book.pk}/")
        assert b'"thread": "unblock' in answer.body

    @override_settings(UNBLOCK={"SYNC_VIEWS": "loop"})
    async def test_a_sync_view_runs_on_the_loop_if_so_set(self):
        book = await make_book()
        answer = await Client(Handler()).get(f"/sync-books/{book.pk}/")
        assert f'"thread": "{threading.current_thread().name}"'.encode() in answer.body

    async def test_requests_give_their_connections_back(self):
        client = Client(Handler())
        book = await make_book()
        paths = ["/counts/", f"/books/{book.pk}/", f"/sync-books/{book.pk}/", "/broken/"]
        for _ in range(3):
            await asyncio.gather(*(client.get(path) for path in paths))
        await asyncio.sleep(0.01)
        counts = stats()
        assert counts["in use"] == 0
        assert counts["open"] == counts["idle"] <= 8

    async def test_an_async_view_uses_no_thread(self):
        client = Client(Handler())
        await client.get("/counts/")
        before = threading.active_count()
        for path in ("/counts/", "/me/", "/visits/"):
            assert (await client.get(path)).status == 200
        assert threading.active_count() == before

    async def test_request_user_and_login_required(self):
        user = await User.objects.acreate_user("ada", password="secret")
        client = Client(Handler())
        assert (await client.get("/me/")).body == b'{"user": ""}'
        answer = await client.get("/private/")
        assert answer.status == 302
        await log_in(client, user)
        assert (await client.get("/me/")).body == b'{"user": "ada"}'
        assert (await client.get("/private/")).body == b"private"

    async def test_sessions_are_saved(self):
        client = Client(Handler())
        assert [(await client.get("/visits/")).body for _ in range(3)] == [b"1", b"2", b"3"]

    async def test_a_transaction_in_a_view(self):
        client = Client(Handler())
        assert (await client.get("/create/")).status == 201
        assert (await client.get("/create/?fail")).status == 500
        assert await Author.objects.acount() == 1

    async def test_an_error_is_a_500_and_a_missing_page_a_404(self):
        client = Client(Handler())
        assert (await client.get("/broken/")).status == 500
        assert (await client.get("/nowhere/")).status == 404

    async def test_requests_do_not_see_each_others_context(self):
        answers = await asyncio.gather(
            *(Client(Handler()).get(f"/visits/?{number}") for number in range(10))
        )
        assert {answer.body for answer in answers} == {b"1"}
        assert len({answer.cookie("sessionid") for answer in answers}) == 10


async def log_in(client, user):
    from django.contrib.auth import alogin
    from django.contrib.sessions.backends.db import SessionStore

    request = AsyncRequestFactory().get("/")
    request.session = SessionStore()
    await alogin(request, user)
    await request.session.asave()
    client.cookies["sessionid"] = request.session.session_key


class TestAtomicRequests:
    @pytest.fixture(autouse=True)
    def atomic_requests(self):
        from django.db import connections

        settings = connections.settings["default"]
        settings["ATOMIC_REQUESTS"] = True
        yield
        settings["ATOMIC_REQUESTS"] = False

    async def test_an_async_view_is_rolled_back(self):
        client = Client(Handler())
        assert (await client.get("/half-done/")).status == 500
        assert (await client.get("/sync-half-done/")).status == 500
        assert await Author.objects.acount() == 0
        assert (await client.get("/done/")).status == 200
        assert await Author.objects.acount() == 1


class TestMiddleware:
    @override_settings(
        MIDDLEWARE=[f"testapp.middleware.Only{kind}" for kind in ("Sync", "Async", "Sync")]
    )
    async def test_sync_and_async_middleware_run_in_the_requests_greenlet(self):
        events.clear()
        answer = await Client(Handler()).get("/counts/")
        assert answer.status == 200
        assert events == [("sync", True, 0), ("async", True, 0), ("sync", True, 0)]


class TestSignals:
    async def test_they_are_sent_once_each(self):
        seen = []

        def started(**kwargs):
            seen.append("started")

        async def finished(**kwargs):
            await asyncio.sleep(0)
            seen.append("finished")

        with (
            receiving(signals.request_started, started),
            receiving(signals.request_finished, finished),
        ):
            await Client(Handler()).get("/counts/")
        assert seen == ["started", "finished"]


class TestStreaming:
    async def authors(self):
        await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))

    @pytest.mark.parametrize("place", ["thread", "loop"])
    async def test_a_sync_iterator_is_sent_part_by_part(self, place):
        await self.authors()
        with override_settings(UNBLOCK={"SYNC_VIEWS": place}):
            answer = await Client(Handler()).get("/stream/")
        assert answer.parts == [b"0\n", b"1\n", b"2\n", b"3\n", b"4\n"]
        await asyncio.sleep(0.01)
        assert stats()["in use"] == 0

    async def test_an_async_iterator(self):
        await self.authors()
        answer = await Client(Handler()).get("/astream/")
        assert answer.parts == [b"0\n", b"1\n", b"2\n", b"3\n", b"4\n"]
        assert stats()["in use"] == 0

    async def test_a_file(self):
        answer = await Client(Handler()).get("/download/")
        assert b"def download" in answer.body

    @pytest.mark.parametrize("path", ["/stream/", "/astream/"])
    async def test_a_client_that_leaves_midway(self, path):
        await self.authors()
        gone = asyncio.Event()

        def leave(answer):
            gone.set()

        answer = await Client(Handler()).get(path, disconnect=gone, on_part=leave)
        assert answer.status == 200
        await until(lambda: stats()["in use"] == 0)
        assert await Author.objects.acount() == 5


class TestDisconnect:
    async def test_it_cancels_the_query(self):
        gone = asyncio.Event()
        finished = []
        with receiving(signals.request_finished, lambda **kwargs: finished.append(1)):
            request = asyncio.create_task(Client(Handler()).get("/slow/", disconnect=gone))
            await until(lambda: sleeping_queries() == 1)
            gone.set()
            answer = await request
        assert answer.status == 0
        assert finished == [1]
        assert await bridge.run(sleeping_queries) == 0
        assert stats()["in use"] == 0

    async def test_a_server_that_cancels_the_request_is_obeyed(self):
        request = asyncio.create_task(Client(Handler()).get("/slow/"))
        await until(lambda: sleeping_queries() == 1)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request

    async def test_before_the_body_has_arrived(self):
        async def receive():
            return {"type": "http.disconnect"}

        async def send(message):
            pytest.fail("there is nobody to send to")

        await Handler()(Client(None)._scope("GET", "/counts/", None), receive, send)


class TestLifespan:
    async def live(self, *, fails=False):
        """Live through a lifespan; return what was sent."""
        messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        sent = []

        async def receive():
            return messages.pop(0)

        async def send(message):
            sent.append(message["type"])

        await Handler()({"type": "lifespan"}, receive, send)
        return sent

    async def test_hooks_run(self, monkeypatch):
        monkeypatch.setattr(lifespan, "_startup", [])
        monkeypatch.setattr(lifespan, "_shutdown", [*lifespan._shutdown])
        order = []

        @lifespan.on_startup
        async def start():
            order.append("start")

        @lifespan.on_shutdown
        async def stop():
            order.append("stop")

        assert await self.live() == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert order == ["start", "stop"]

    async def test_a_failing_start_is_told_to_the_server(self, monkeypatch):
        monkeypatch.setattr(lifespan, "_startup", [])

        @lifespan.on_startup
        async def start():
            raise LookupError("no config")

        assert await self.live() == ["lifespan.startup.failed"]

    async def test_the_end_closes_the_pools(self):
        from django_unblock.db import pools

        await Author.objects.acount()
        assert stats()["open"] == 1
        await self.live()
        assert pools.find(asyncio.get_running_loop(), "default") is None


async def test_other_protocols_are_refused():
    with pytest.raises(ValueError, match="websocket"):
        await Handler()({"type": "websocket"}, None, None)


class TestInATestsTransaction(TestCase):
    async def test_the_application_sees_it_wherever_a_view_runs(self):
        author = await Author.objects.acreate(name="Ada")
        book = await Book.objects.acreate(title="Notes", author=author)
        client = Client(Handler())
        for path in (f"/books/{book.pk}/", f"/sync-books/{book.pk}/"):
            assert (await client.get(path)).status == 200
        assert (await client.get("/stream/")).parts == [b"Ada\n"]
        assert await Author.objects.acount() == 1
