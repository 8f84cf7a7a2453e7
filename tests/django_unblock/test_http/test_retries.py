"""Sessions of the project's own that mount our adapter: retried as urllib3 does, waiting for the loop."""

import asyncio
from typing import Any

import pytest
import requests
from urllib3.util.retry import Retry

from django_unblock import http, unblock

type Server = Any


def session(retry: Retry | int) -> requests.Session:
    made = requests.Session()
    made.mount("http://", http.Adapter(max_retries=retry))
    return made


def test_retried_as_often_as_told(server: Server) -> None:
    retry = Retry(2, status_forcelist=[503], backoff_factor=0.01)
    with pytest.raises(requests.exceptions.RetryError):
        asyncio.run(unblock(session(retry).get)(f"{server.url}/status?code=503"))
    assert len(server.seen) == 3


def test_never_by_itself(server: Server) -> None:
    response = asyncio.run(unblock(session(0).get)(f"{server.url}/status?code=503"))
    assert (response.status_code, len(server.seen)) == (503, 1)


def test_other_tasks_run_during_the_pause(server: Server) -> None:
    async def main() -> list[str]:
        order = []

        async def call() -> None:
            retry = Retry(2, status_forcelist=[503], backoff_factor=0.1, raise_on_status=False)
            await unblock(session(retry).get)(f"{server.url}/status?code=503")
            order.append("call")

        task = asyncio.create_task(call())
        while len(server.seen) < 2:  # noqa: ASYNC110 - the server is in another thread
            await asyncio.sleep(0.01)
        order.append("other")
        await task
        return order

    assert asyncio.run(main()) == ["other", "call"]


def test_a_policy_of_the_projects_own_stays_what_it_is() -> None:
    class Patient(Retry):
        DEFAULT_BACKOFF_MAX = 7

    policy = Patient(3, backoff_factor=1)
    mounted = http.Adapter(max_retries=policy).max_retries
    assert isinstance(mounted, Patient)
    assert (mounted.total, mounted.DEFAULT_BACKOFF_MAX, type(policy)) == (3, 7, Patient)
    assert mounted.increment("GET", "/").total == 2


def test_a_session_keeps_its_cookies(server: Server) -> None:
    mine = session(0)

    async def both() -> None:
        await unblock(mine.get)(f"{server.url}/cookies")
        await unblock(mine.get)(server.url)

    asyncio.run(both())
    assert server.seen[1].headers["Cookie"] == "a=1; b=2"


def test_without_a_loop_it_is_an_adapter_as_any(server: Server) -> None:
    retry = Retry(1, status_forcelist=[503], backoff_factor=0.01, raise_on_status=False)
    response = session(retry).get(f"{server.url}/status?code=503", timeout=5)
    assert (response.status_code, len(server.seen)) == (503, 2)
