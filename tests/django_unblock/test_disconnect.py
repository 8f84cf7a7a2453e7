"""The end of the connection: it ends the work for a response that is not complete, unless that changes something."""

import asyncio

import pytest
from asgi_client import Client
from django.core.signals import request_finished
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from psycopg.sql import SQL
from testapp.models import Author

from django_unblock import bridge, origin
from django_unblock.asgi import get_asgi_application

leaving = []


@csrf_exempt
async def enter_two(request):
    """The client leaves before the first row is written, or between the two."""
    if not request.GET:
        leaving.pop()()
        await asyncio.sleep(0.01)
    await Author.objects.acreate(name="one")
    while leaving:
        leaving.pop()()
    await asyncio.sleep(0.01)
    await Author.objects.acreate(name="two")
    return HttpResponse("entered")


@csrf_exempt
async def stream_for_ever(request):
    async def parts():
        while True:
            yield "part"
            await asyncio.sleep(0)

    return StreamingHttpResponse(parts())


urlpatterns = [path("two/", enter_two), path("for-ever/", stream_for_ever)]


@pytest.fixture
def writing_at_the_end(clean_tables):
    def write(**_):
        bridge.wait(asyncio.sleep(0.01))
        Author.objects.create(name="finished")

    request_finished.connect(write)
    yield
    request_finished.disconnect(write)


def telling(app, complete):
    """The application, and a word when its response is complete: then servers tell of the disconnect."""

    async def call(scope, receive, send):
        async def tell(message):
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                complete.set()

        await app(scope, receive, tell)

    return call


@pytest.mark.usefixtures("writing_at_the_end")
@pytest.mark.parametrize("path", ["/counts/", "/download/", "/astream/"])
async def test_what_follows_a_complete_response_is_done(path):
    complete = asyncio.Event()
    client = Client(telling(get_asgi_application(), complete))
    answer = await client.get(path, disconnect=complete)
    assert answer.status == 200
    assert await Author.objects.acount() == 1


@pytest.mark.usefixtures("clean_tables")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("path", "entered"), [("/two/", 0), ("/two/?at-once=1", 2)])
@override_settings(ROOT_URLCONF=__name__)
async def test_what_has_begun_to_change_something_is_finished(method, path, entered):
    gone = asyncio.Event()
    leaving.append(gone.set)
    await Client(get_asgi_application()).request(method, path, disconnect=gone)
    assert await Author.objects.acount() == entered


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("SELECT 1", False),
        ("  (select 1) UNION (SELECT 2)", False),
        ("WITH x AS (SELECT 1) SELECT * FROM x", False),
        ("INSERT INTO a VALUES (1)", True),
        ("WITH x AS (\nDELETE FROM a RETURNING 1) SELECT * FROM x", True),
        ("SAVEPOINT s", True),
        (SQL("SELECT 1"), True),  # which could be anything
    ],
)
def test_which_statements_begin_a_change(sql, changes):
    request = origin.Origin("GET /", None)
    token = origin._current.set(request)
    try:
        origin.note_statement(sql)
    finally:
        origin._current.reset(token)
    assert request.changes is changes


@pytest.mark.parametrize("method", ["GET", "POST"])
@override_settings(ROOT_URLCONF=__name__)
async def test_a_stream_ends_with_its_client(method):
    gone = asyncio.Event()
    answer = await Client(get_asgi_application()).request(
        method, "/for-ever/", disconnect=gone, on_part=lambda _: gone.set()
    )
    assert answer.status == 200
