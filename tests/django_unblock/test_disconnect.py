"""The end of the connection: before the response is complete it ends the work, after that it does not."""

import asyncio

import pytest
from asgi_client import Client
from django.core.signals import request_finished
from testapp.models import Author

from django_unblock import bridge
from django_unblock.asgi import get_asgi_application


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
