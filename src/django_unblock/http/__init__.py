"""Outbound HTTP without blocking: the functions of `requests`, awaited.

    response = await http.get("https://api.example.com/prices", params={"q": "tea"}, timeout=5)
    response.raise_for_status()
    prices = response.json()

It is requests itself that makes the call, inside the bridge, over sockets that wait for the event
loop: keywords, defaults, redirects, responses and exceptions are its own, see
https://requests.readthedocs.io/en/latest/api/. Calls are sessionless and keep no cookies. One thing
differs: `get`, `head` and `options` use a connection to the same server again.
"""

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any
from weakref import WeakKeyDictionary

import requests
from requests import Response

from django_unblock import bridge, conf, lifespan
from django_unblock.http.connections import REPEATABLE, Adapter
from django_unblock.http.stand_ins import stand_in

__all__ = [
    "Adapter",
    "close",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "request",
]

_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _awaited[**P](function: Callable[P, Response]) -> Callable[P, Awaitable[Response]]:
    """Return that function of requests for coroutines: its call does not block their loop."""
    signature = inspect.signature(function)

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> Response:
        replaced = stand_in(function.__name__)
        if replaced is not None:
            answer: Response = replaced(*args, **kwargs)
            return answer
        given = signature.bind(*args, **kwargs).arguments
        keywords = given.pop("kwargs", {}) | given
        method = keywords.pop("method", function.__name__)
        if function.__name__ == "head":
            keywords.setdefault("allow_redirects", False)
        async with _room():
            return await bridge.run(_send, method, keywords, may_stream=bridge.inside())

    return call


def _send(method: str, keywords: dict[str, Any], *, may_stream: bool) -> Response:
    """Make the call as requests' functions do, in a session of its own.

    A call that must not be sent twice gets a connection of its own too.
    """
    if method.upper() in REPEATABLE:
        return _send_through(_shared_adapter(os.getpid()), method, keywords, may_stream=may_stream)
    adapter = Adapter()
    try:
        return _send_through(adapter, method, keywords, may_stream=may_stream)
    finally:
        adapter.close()


def _send_through(
    adapter: Adapter, method: str, keywords: dict[str, Any], *, may_stream: bool
) -> Response:
    session = requests.Session()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    response = session.request(method, **keywords)
    if not may_stream:
        _ = response.content  # what is read after the bridge was left would block the loop
    return response


@cache
def _shared_adapter(_process: int) -> Adapter:
    """The connections of this process: one that was forked must not use its parent's."""
    limit = conf.current().HTTP_MAX_CONNECTIONS
    return Adapter(pool_connections=limit, pool_maxsize=limit)


def _room() -> asyncio.Semaphore:
    """One call's place among the HTTP_MAX_CONNECTIONS of the running loop."""
    loop = asyncio.get_running_loop()
    room = _rooms.get(loop)
    if room is None:
        room = _rooms[loop] = asyncio.Semaphore(conf.current().HTTP_MAX_CONNECTIONS)
    return room


@lifespan.on_shutdown
async def close() -> None:
    """Close the connections that no call is using. A later call opens new ones."""
    _shared_adapter(os.getpid()).close()


request = _awaited(requests.request)
get = _awaited(requests.get)
options = _awaited(requests.options)
head = _awaited(requests.head)
post = _awaited(requests.post)
put = _awaited(requests.put)
patch = _awaited(requests.patch)
delete = _awaited(requests.delete)
