"""Connections are used again, and a stale one is nobody's failure."""

import asyncio
import gc
import subprocess
import sys
import warnings
from typing import Any

import pytest
import requests
from django.test import override_settings

from django_unblock import http

type Server = Any


@pytest.fixture(autouse=True)
def nothing_is_left() -> Any:
    asyncio.run(http.close())
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        yield
        asyncio.run(http.close())
        gc.collect()


def test_calls_of_one_loop_share_a_connection(server: Server) -> None:
    async def three() -> None:
        for _ in range(3):
            await http.get(server.url)

    asyncio.run(three())
    assert len({seen.client for seen in server.seen}) == 1


def test_so_do_calls_of_one_loop_after_another(server: Server) -> None:
    for _ in range(2):
        asyncio.run(http.get(server.url))
    assert len({seen.client for seen in server.seen}) == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_must_not_be_sent_twice_gets_a_connection_of_its_own(
    method: str, server: Server
) -> None:
    async def two() -> None:
        for _ in range(2):
            await getattr(http, method)(server.url, data="pay")

    asyncio.run(two())
    assert len({seen.client for seen in server.seen}) == 2


def test_a_connection_that_went_stale_is_replaced(server: Server) -> None:
    """The server closes it without a word after the first answer."""

    async def two() -> list[str]:
        first = await http.get(f"{server.url}/once")
        return [first.text, (await http.get(f"{server.url}/once")).text]

    assert asyncio.run(two()) == ["once", "once"]


def test_a_connection_that_breaks_as_it_is_used_again_is_replaced_once(server: Server) -> None:
    async def two() -> None:
        await http.get(server.url)
        await http.get(f"{server.url}/hangup")

    with pytest.raises(requests.ConnectionError):
        asyncio.run(two())
    assert [seen.target for seen in server.seen] == ["/", "/hangup", "/hangup"]


def test_a_new_connection_that_breaks_is_not_tried_again(server: Server) -> None:
    with pytest.raises(requests.ConnectionError):
        asyncio.run(http.get(f"{server.url}/hangup"))
    assert len(server.seen) == 1


def test_calls_overlap(server: Server) -> None:
    """The first is answered only after the second was."""

    async def both() -> list[str]:
        order = []

        async def held() -> None:
            with pytest.raises(requests.ConnectionError):
                await http.get(f"{server.url}/hold")
            order.append("held")

        async def quick() -> None:
            await http.get(server.url)
            order.append("quick")
            server.release.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(held())
            group.create_task(quick())
        return order

    assert asyncio.run(both()) == ["quick", "held"]


def test_a_large_body_that_is_there_at_once_leaves_the_loop_to_others(server: Server) -> None:
    async def main() -> int:
        turns = 0
        call = asyncio.create_task(http.get(f"{server.url}/large"))
        while not call.done():
            await asyncio.sleep(0)
            turns += bool(server.seen)
        assert len(call.result().content) == 8_000_000
        return turns

    assert asyncio.run(main()) > 5


def test_a_cancelled_call_gives_its_connection_up(server: Server) -> None:
    async def cancel_and_call() -> int:
        held = asyncio.create_task(http.get(f"{server.url}/hold"))
        await asyncio.to_thread(server.asked.wait, 10)
        held.cancel()
        with pytest.raises(asyncio.CancelledError):
            await held
        return (await http.get(server.url)).status_code

    with override_settings(UNBLOCK={"HTTP_MAX_CONNECTIONS": 1}):
        assert asyncio.run(cancel_and_call()) == 200


def test_no_more_connections_than_the_setting(server: Server) -> None:
    async def many() -> None:
        await asyncio.gather(*(http.get(server.url) for _ in range(8)))

    with override_settings(UNBLOCK={"HTTP_MAX_CONNECTIONS": 2}):
        asyncio.run(many())
    assert len(server.seen) == 8
    assert len({seen.client for seen in server.seen}) <= 2


def test_close_and_go_on(server: Server) -> None:
    async def calls() -> None:
        await http.get(server.url)
        await http.close()
        await http.get(server.url)

    asyncio.run(calls())
    assert len({seen.client for seen in server.seen}) == 2


def test_close_without_any_call() -> None:
    assert asyncio.run(http.close()) is None


def test_https_that_is_no_https(server: Server) -> None:
    with pytest.raises(requests.exceptions.SSLError) as raised:
        asyncio.run(http.get(server.url.replace("http:", "https:")))
    assert "WRONG_VERSION_NUMBER" in str(raised.value)


def test_a_missing_ca_bundle_is_named(server: Server) -> None:
    with pytest.raises(OSError, match=r"invalid path: /no/such/bundle\.pem"):
        asyncio.run(http.get("https://127.0.0.1:9/", verify="/no/such/bundle.pem"))


def test_errors_carry_the_call(server: Server) -> None:
    with pytest.raises(requests.ReadTimeout) as raised:
        asyncio.run(http.get(f"{server.url}/hold", timeout=0.05))
    assert raised.value.request.url == f"{server.url}/hold"  # type: ignore[union-attr]


def test_importing_the_runtime_does_not_import_requests() -> None:
    code = "import sys, django_unblock.bridge; print('requests' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"
