"""`stream=True`: read as it arrives where there is a bridge, at once where there is none."""

import asyncio
from typing import Any

import pytest
import requests

from django_unblock import bridge, http
from django_unblock.errors import BridgeError

type Server = Any


def test_inside_the_bridge_it_is_read_as_it_arrives(server: Server) -> None:
    async def view() -> list[bytes]:
        response = await http.get(f"{server.url}/holdbody", stream=True)
        chunks = response.iter_content(4)
        got = [next(chunks)]
        server.release.set()
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            next(chunks)
        return got

    assert asyncio.run(bridge.drive(view())) == [b"half"]


def test_lines(server: Server) -> None:
    async def view() -> tuple[list[str], list[bytes]]:
        url = f"{server.url}/lines"
        text = (await http.get(url, stream=True)).iter_lines(decode_unicode=True)
        raw = (await http.get(url)).iter_lines()
        return list(text), list(raw)

    text, raw = asyncio.run(bridge.drive(view()))
    assert text == ["één", "twee", "drie"]
    assert raw == [line.encode() for line in text]


def test_without_a_bridge_the_body_is_there_at_once(server: Server) -> None:
    response = asyncio.run(http.get(f"{server.url}/lines", stream=True))
    assert b"".join(response.iter_content(4)) == response.content


def test_content_of_a_streamed_response_inside_the_bridge(server: Server) -> None:
    async def view() -> tuple[bytes, str]:
        response = await http.get(f"{server.url}/gzip", stream=True)
        return response.content, response.text

    content, text = asyncio.run(bridge.drive(view()))
    assert content == text.encode() == b"packed " * 50


def test_left_unread_it_gives_its_connection_up(server: Server) -> None:
    async def view() -> None:
        for _ in range(2):
            with await http.get(f"{server.url}/holdbody", stream=True) as response:
                assert response.status_code == 200

    asyncio.run(bridge.drive(view()))
    assert len(server.seen) == 2


def test_read_twice(server: Server) -> None:
    async def view() -> None:
        response = await http.get(f"{server.url}/lines", stream=True)
        assert list(response.iter_content(None))
        with pytest.raises(requests.exceptions.StreamConsumedError):
            list(response.iter_content(None))

    asyncio.run(bridge.drive(view()))


def test_in_a_coroutine_that_is_not_driven_it_says_what_to_do(server: Server) -> None:
    async def view() -> requests.Response:
        return await http.get(f"{server.url}/holdbody", stream=True)

    async def leave() -> None:
        response = await bridge.drive(view())
        with pytest.raises(BridgeError, match=r"R106: .*`await django_unblock\.unblock"):
            response.content  # noqa: B018 - reading it is the test
        response.close()

    asyncio.run(leave())


def test_in_a_thread_it_is_read_as_sockets_are(server: Server) -> None:
    async def view() -> tuple[bytes, type[BaseException] | None]:
        response = await http.get(f"{server.url}/holdbody", stream=True, timeout=5)

        def read() -> tuple[bytes, type[BaseException] | None]:
            chunks = response.iter_content(4)
            half = next(chunks)
            server.release.set()
            try:
                return half + next(chunks), None
            except requests.RequestException as error:
                return half, type(error)

        return await asyncio.to_thread(read)

    got = asyncio.run(bridge.drive(view()))
    assert got == (b"half", requests.exceptions.ChunkedEncodingError)
