"""Where background work runs, when, what is logged, and that the end of a loop loses none of it."""

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory, TestCase, override_settings
from django.urls import path

import django_unblock
from django_unblock import jobs, lifespan
from django_unblock.asgi import get_asgi_application
from django_unblock.background_work import background, drain
from django_unblock.transaction import aatomic

events: list[str] = []
threads: list[int] = []
go = threading.Event()
tenant: ContextVar[str] = ContextVar("tenant", default="nobody")


@pytest.fixture(autouse=True)
def no_events() -> Iterator[None]:
    events.clear()
    threads.clear()
    yield
    assert jobs._by_loop == {}


def note(event: str) -> None:
    events.append(event)
    threads.append(threading.get_ident())


async def anote(event: str) -> None:
    await asyncio.sleep(0)
    events.append(event)


async def note_all(*names: str) -> None:
    """Its children are tasks of their own, which the end of a loop would cancel."""
    await asyncio.gather(*(anote(name) for name in names))


def fail(what: str) -> None:
    raise LookupError(what)


def note_and_fail(event: str) -> None:
    """Ask for work in a transaction that is rolled back."""
    with transaction.atomic():
        background(note, event)
        fail("on purpose")


def sync_view(request: HttpRequest) -> HttpResponse:
    background(note, "job")
    note("response")
    return HttpResponse("ok")


async def async_view(request: HttpRequest) -> HttpResponse:
    background(note, "job")
    background(note_all, "a", "b")
    await asyncio.sleep(0)
    return HttpResponse("ok")


async def failing_view(request: HttpRequest) -> HttpResponse:
    background(fail, "no such thing")
    background(partial(anote, event="after"))
    return HttpResponse("ok")


def committing_view(request: HttpRequest, undo: str = "") -> HttpResponse:
    with transaction.atomic():
        background(note, "job")
        note("in the block")
        if undo:
            transaction.set_rollback(True)
    note("after the block")
    return HttpResponse("ok")


async def acommitting_view(request: HttpRequest, undo: str = "") -> HttpResponse:
    async with aatomic():
        background(note_users)
        await User.objects.acreate(username="new")
        events.append("in the block")
        if undo:
            transaction.set_rollback(True)
    events.append("after the block")
    return HttpResponse("ok")


def note_users() -> None:
    """Sees what was committed, on a connection of its own."""
    note("job" if User.objects.filter(username="new").exists() else "nobody")


def waiting_view(request: HttpRequest) -> HttpResponse:
    background(wait_and_note)
    return HttpResponse("ok")


async def wait_and_note() -> None:
    await asyncio.to_thread(go.wait, 10)
    note("job")


def nested_view(request: HttpRequest) -> HttpResponse:
    background(background, note, "inner")
    return HttpResponse("ok")


def email_view(request: HttpRequest) -> HttpResponse:
    User(username="u").save()
    background(lambda: note(str(User.objects.filter(username="u").count())))
    return HttpResponse("ok")


urlpatterns = [
    path("sync/", sync_view),
    path("async/", async_view),
    path("failing/", failing_view),
    path("committing/<undo>", committing_view),
    path("committing/", committing_view),
    path("acommitting/<undo>", acommitting_view),
    path("acommitting/", acommitting_view),
    path("waiting/", waiting_view),
    path("nested/", nested_view),
    path("rows/", email_view),
]

in_this_project = override_settings(ROOT_URLCONF=sys.modules[__name__])


def records(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "django_unblock.background"]


class TestSyncClient:
    @in_this_project
    def test_runs_after_the_response_and_before_the_client_returns(self) -> None:
        assert Client().get("/sync/").content == b"ok"
        assert events == ["response", "job"]
        assert set(threads) == {threading.get_ident()}

    @in_this_project
    def test_async_view(self) -> None:
        assert Client().get("/async/").content == b"ok"
        assert events == ["job", "a", "b"]

    @in_this_project
    def test_work_started_by_work(self) -> None:
        Client().get("/nested/")
        assert events == ["inner"]

    @in_this_project
    def test_failure_is_logged_with_its_name_and_request(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert Client().get("/failing/?q=1").status_code == 200
        assert events == ["after"]
        assert records(caplog) == [f"Background {__name__}.fail, started by GET /failing/, failed"]
        assert caplog.records[0].exc_info is not None

    @in_this_project
    def test_a_request_leaves_nothing_to_the_next(self) -> None:
        Client().get("/sync/")
        background(note, "outside")
        assert events == ["response", "job", "outside"]


class TestAsyncClient:
    @in_this_project
    @pytest.mark.parametrize("url", ["/sync/", "/async/"])
    def test_is_done_when_the_client_returns(self, url: str) -> None:
        async def get() -> list[str]:
            assert (await AsyncClient().get(url)).content == b"ok"
            return events.copy()

        assert (
            sorted(asyncio.run(get()))
            == {
                "/sync/": ["job", "response"],
                "/async/": ["a", "b", "job"],
            }[url]
        )

    @in_this_project
    def test_failure_is_logged_with_its_request(self, caplog: pytest.LogCaptureFixture) -> None:
        async def get() -> int:
            return (await AsyncClient().get("/failing/")).status_code

        assert asyncio.run(get()) == 200
        assert records(caplog) == [f"Background {__name__}.fail, started by GET /failing/, failed"]


class Served:
    """The project under our ASGI application, on the running loop, as a server runs it."""

    async def __aenter__(self) -> "Served":
        self._application = get_asgi_application()
        self._lifespan: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._live = asyncio.create_task(
            self._application({"type": "lifespan"}, self._lifespan.get, self._ignore)
        )
        await self._lifespan.put({"type": "lifespan.startup"})
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._lifespan.put({"type": "lifespan.shutdown"})
        await self._live

    async def get(self, url: str) -> bytes:
        sent: list[dict[str, Any]] = []
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": url, "headers": [], "query_string": b""}
        await self._application(scope, receive, send)
        return b"".join(message.get("body", b"") for message in sent)

    async def _ignore(self, message: object) -> None:
        pass


class TestServer:
    @in_this_project
    @pytest.mark.parametrize("where", ["thread", "loop"])
    def test_sync_view_does_not_wait_for_its_work(self, where: str) -> None:
        async def serve() -> None:
            async with Served() as served:
                assert await served.get("/waiting/") == b"ok"
                events.append("response")
                go.set()

        go.clear()
        with override_settings(UNBLOCK={"SYNC_VIEWS": where}):
            asyncio.run(serve())
        assert events == ["response", "job"]
        assert threads == [threading.get_ident()]

    @in_this_project
    def test_shutdown_waits_for_the_work(self) -> None:
        async def serve() -> None:
            async with Served() as served:
                await served.get("/async/")
            events.append("stopped")

        asyncio.run(serve())
        assert events[-1] == "stopped"
        assert sorted(events[:-1]) == ["a", "b", "job"]

    @in_this_project
    def test_failure_is_logged_with_its_request(self, caplog: pytest.LogCaptureFixture) -> None:
        async def serve() -> bytes:
            async with Served() as served:
                return await served.get("/failing/")

        assert asyncio.run(serve()) == b"ok"
        assert records(caplog) == [f"Background {__name__}.fail, started by GET /failing/, failed"]

    @in_this_project
    @pytest.mark.usefixtures("clean_tables")
    @pytest.mark.parametrize("url", ["/committing/", "/acommitting/"])
    @pytest.mark.parametrize("undo", ["", "undo"])
    def test_after_the_commit(self, url: str, undo: str) -> None:
        async def serve() -> None:
            async with Served() as served:
                await served.get(f"{url}{undo}")

        asyncio.run(serve())
        assert [event for event in events if event != "job"] == ["in the block", "after the block"]
        # A synchronous view goes on in its thread while the work runs, once it has committed.
        assert events[1:].count("job") == (0 if undo else 1)
        assert events[0] == "in the block"


class TestOwnLoop:
    def test_runs_beside_what_started_it(self) -> None:
        async def main() -> None:
            background(note, "job")
            events.append("started")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            events.append("end")

        asyncio.run(main())
        assert events == ["started", "job", "end"]

    def test_is_finished_before_the_loop_ends(self) -> None:
        async def slow() -> None:
            await asyncio.sleep(0.01)
            events.append("slow")

        async def main() -> None:
            background(slow)

        asyncio.run(main())
        assert events == ["slow"]

    def test_a_timeout_inside_it_still_works_at_the_end_of_the_loop(self) -> None:
        async def impatient() -> None:
            try:
                async with asyncio.timeout(0.01):
                    await asyncio.Event().wait()
            except TimeoutError:
                events.append("timed out")

        async def main() -> None:
            background(impatient)

        asyncio.run(main())
        assert events == ["timed out"]

    @override_settings(UNBLOCK={"DRAIN_SECONDS": 0.01})
    def test_what_does_not_finish_is_logged_by_name(self, caplog: pytest.LogCaptureFixture) -> None:
        async def endless() -> None:
            await asyncio.Event().wait()

        async def main() -> None:
            background(endless)

        asyncio.run(main())
        (record,) = records(caplog)
        assert "endless, started by no request, was not finished" in record

    @override_settings(UNBLOCK={"DRAIN_SECONDS": 0.01})
    def test_a_one_off_loop_waits_for_as_long_as_it_takes(self) -> None:
        async def slow() -> None:
            await asyncio.sleep(0.05)
            events.append("slow")

        async def main() -> None:
            background(slow)

        async_to_sync(main)()
        assert events == ["slow"]

    def test_a_cancellation_by_others_is_logged_by_name(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def main() -> None:
            background(note_all, "a", "b")
            await asyncio.sleep(0)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await drain()

        asyncio.run(main())
        assert records(caplog) == [
            f"Background {__name__}.note_all, started by no request, was not finished"
        ]

    def test_is_referred_to_while_it_runs(self) -> None:
        async def main() -> None:
            go = asyncio.Event()

            async def waits() -> None:
                await go.wait()
                events.append("kept")

            background(waits)
            await asyncio.sleep(0)
            gc.collect()
            go.set()
            await drain()

        asyncio.run(main())
        assert events == ["kept"]

    def test_context_variables_are_those_of_the_call(self) -> None:
        async def main() -> None:
            tenant.set("first")
            background(lambda: events.append(tenant.get()))
            tenant.set("second")
            await drain()

        asyncio.run(main())
        assert events == ["first"]

    @override_settings(UNBLOCK={"BACKGROUND_LIMIT": 2})
    def test_no_more_than_the_limit_at_once_in_order(self) -> None:
        running: set[int] = set()
        most = 0

        async def job(number: int) -> None:
            nonlocal most
            running.add(number)
            most = max(most, len(running))
            events.append(str(number))
            await asyncio.sleep(0)
            running.discard(number)

        async def main() -> None:
            for number in range(6):
                background(job, number)
            await drain()

        asyncio.run(main())
        assert events == list("012345")
        assert most == 2


class TestDrain:
    def test_waits_for_work_started_by_work(self) -> None:
        async def outer() -> None:
            background(anote, "inner")

        async def main() -> None:
            background(outer)
            await drain()
            events.append("drained")

        asyncio.run(main())
        assert events == ["inner", "drained"]

    def test_cancels_and_logs_what_is_not_done_in_time(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def endless() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                events.append("cancelled")

        async def main() -> None:
            background(endless)
            await drain(0.01)
            events.append("drained")

        asyncio.run(main())
        assert events == ["cancelled", "drained"]
        assert "endless, started by no request, was not finished" in records(caplog)[0]

    @override_settings(UNBLOCK={"BACKGROUND_LIMIT": 1})
    def test_logs_what_never_got_a_place(self, caplog: pytest.LogCaptureFixture) -> None:
        async def endless() -> None:
            await asyncio.Event().wait()

        async def main() -> None:
            background(endless)
            background(note, "never")
            await drain(0.01)

        asyncio.run(main())
        assert events == []
        note_record, endless_record = sorted(records(caplog), key=lambda each: "endless" in each)
        assert f"{__name__}.note, started by no request, was not finished" in note_record
        assert "endless, started by no request, was not finished" in endless_record

    def test_does_not_wait_for_what_refuses_to_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "CANCELLING_SECONDS", 0.01)

        async def main() -> None:
            may_end = asyncio.Event()

            async def stubborn() -> None:
                with suppress(asyncio.CancelledError):
                    await may_end.wait()
                await may_end.wait()
                events.append("ended")

            background(stubborn)
            await drain(0.01)
            events.append("drained")
            may_end.set()

        asyncio.run(main())
        assert events == ["drained", "ended"]

    def test_from_inside_work_does_not_wait_for_itself(self) -> None:
        async def drains() -> None:
            await drain()
            events.append("drained")

        async def main() -> None:
            background(drains)
            await drain()

        asyncio.run(main())
        assert events == ["drained"]

    def test_runs_when_the_server_stops(self) -> None:
        async def served() -> None:
            background(anote, "job")
            await lifespan.stop()
            events.append("stopped")

        asyncio.run(served())
        assert events == ["job", "stopped"]


class TestSynchronousCode:
    def test_runs_at_once(self) -> None:
        background(note, "job")
        background(note_all, "a", "b")
        assert events == ["job", "a", "b"]

    def test_failure_is_logged_and_goes_no_further(self, caplog: pytest.LogCaptureFixture) -> None:
        background(fail, "no such thing")
        assert records(caplog) == [f"Background {__name__}.fail, started by no request, failed"]

    def test_a_wrong_call_is_logged_too(self, caplog: pytest.LogCaptureFixture) -> None:
        background(note)
        assert "missing 1 required positional argument" in str(caplog.records[0].exc_info)


class TestTransaction:
    def test_waits_for_the_commit(self) -> None:
        with transaction.atomic():
            with transaction.atomic():
                background(note, "job")
            assert events == []
        assert events == ["job"]

    def test_a_rollback_drops_it(self) -> None:
        with pytest.raises(LookupError):
            note_and_fail("job")
        assert events == []

    def test_a_savepoint_rolled_back_drops_it(self) -> None:
        with transaction.atomic():
            with pytest.raises(LookupError):
                note_and_fail("dropped")
            background(note, "kept")
        assert events == ["kept"]

    @in_this_project
    def test_of_a_request(self) -> None:
        Client().get("/committing/")
        assert events == ["in the block", "after the block", "job"]

    @in_this_project
    def test_of_a_request_rolled_back(self) -> None:
        Client().get("/committing/undo")
        assert events == ["in the block", "after the block"]


@in_this_project
class InsideTestCase(TestCase):
    """The transaction around the test is never committed: it must not keep work from running."""

    def test_outside_a_block(self) -> None:
        background(note, "job")
        assert events == ["job"]

    def test_request(self) -> None:
        self.client.get("/async/")
        assert events == ["job", "a", "b"]

    def test_block_of_the_view(self) -> None:
        self.client.get("/committing/")
        assert events == ["in the block", "after the block", "job"]

    def test_block_of_the_view_rolled_back(self) -> None:
        self.client.get("/committing/undo")
        assert events == ["in the block", "after the block"]

    def test_runs_once_where_the_test_captures_commits(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.client.get("/committing/")
        assert events.count("job") == 1

    def test_block_of_a_view_called_directly(self) -> None:
        committing_view(RequestFactory().get("/"))
        assert "job" in events

    def test_sees_the_rows_of_the_test(self) -> None:
        self.client.get("/rows/")
        assert events == ["1"]

    async def test_async_client(self) -> None:
        await self.async_client.get("/async/")
        assert sorted(events) == ["a", "b", "job"]

    async def test_async_client_sees_the_rows_of_the_test(self) -> None:
        await self.async_client.get("/rows/")
        assert events == ["1"]


ENDS_WITH_WORK_UNDONE = """
import asyncio
from django.conf import settings
settings.configure()
from django_unblock import background

def run_as_daphne_does():
    loop.run_until_complete(serve())

async def serve():
    background(asyncio.sleep, 3600)
    await asyncio.sleep(0)

loop = asyncio.new_event_loop()
run_as_daphne_does()
"""


def test_the_end_of_the_process_is_logged_where_no_server_told_of_it() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDS_WITH_WORK_UNDONE], capture_output=True, text=True, check=True
    )
    (line,) = (line for line in ended.stderr.splitlines() if line.startswith("Background"))
    assert line == "Background asyncio.tasks.sleep, started by no request, was not finished"


def test_the_package_exports_the_function() -> None:
    assert django_unblock.background is background
