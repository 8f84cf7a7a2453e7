"""Connections that calls of one route use again, each in an httpx transport of its own.

httpx's pool looks through all its connections whenever a call begins and ends: fifty calls at a time
would each cost several times what one does. A transport that holds one connection has nothing to
look through, and an idle one is found by its origin.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import httpx

IDLE_SECONDS = 5.0


@dataclass(slots=True, eq=False)
class Lane:
    """A transport of at most one connection, to one origin.

    Attributes:
        idle_since: when it was last used, by `time.monotonic`.
    """

    transport: httpx.AsyncHTTPTransport
    origin: str
    idle_since: float = 0.0


class Lanes:
    """The lanes of one route on one event loop: at most `limit`, each used by one call at a time."""

    def __init__(self, make: Callable[[], httpx.AsyncHTTPTransport], limit: int) -> None:
        self._make = make
        self._limit = limit
        self._room = asyncio.Semaphore(limit)
        self._lanes: set[Lane] = set()
        self._idle: dict[str, deque[Lane]] = {}

    async def send(self, request: httpx.Request, origin: str, *, fresh: bool) -> httpx.Response:
        """Send a call when there is room for it, and return its response, whose body is not read.

        The lane is free again when the response is closed. A `fresh` call gets a connection that
        no other has used, nor will.

        Raises:
            httpx.TransportError: what httpx raises.
        """
        await self._room.acquire()
        lane = None
        try:
            lane = await self._new(origin) if fresh else self._idle_one(origin)
            lane = lane or await self._new(origin)
            response = await lane.transport.handle_async_request(request)
        except BaseException:
            self._room.release()
            if lane is not None:
                await self._close(lane)
            raise
        leave = self._close if fresh else self._keep
        source = cast("httpx.AsyncByteStream", response.stream)
        response.stream = _Body(source, lambda: self._leave(lane, leave))
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        while self._lanes:
            await self._close(next(iter(self._lanes)))

    def _idle_one(self, origin: str) -> Lane | None:
        idle = self._idle.get(origin)
        return idle.pop() if idle else None

    async def _new(self, origin: str) -> Lane:
        if len(self._lanes) >= self._limit:
            await self._close(min(self._oldest(), key=lambda lane: lane.idle_since))
        lane = Lane(self._make(), origin)
        self._lanes.add(lane)
        return lane

    async def _leave(self, lane: Lane, leave: Callable[[Lane], Awaitable[None]]) -> None:
        self._room.release()
        await leave(lane)

    async def _keep(self, lane: Lane) -> None:
        if lane not in self._lanes:
            return
        lane.idle_since = time.monotonic()
        self._idle.setdefault(lane.origin, deque()).append(lane)
        for oldest in self._oldest():
            if lane.idle_since - oldest.idle_since > IDLE_SECONDS:
                await self._close(oldest)

    async def _close(self, lane: Lane) -> None:
        self._lanes.discard(lane)
        idle = self._idle.get(lane.origin)
        if idle and idle[0] is lane:
            idle.popleft()
        await lane.transport.aclose()

    def _oldest(self) -> list[Lane]:
        """The lane of each origin that is idle for the longest time."""
        return [idle[0] for idle in self._idle.values() if idle]


class _Body(httpx.AsyncByteStream):
    """A response's body that calls back once it is closed."""

    def __init__(
        self, source: httpx.AsyncByteStream, closed: Callable[[], Awaitable[None]]
    ) -> None:
        self._source = source
        self._closed = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._source:
            yield part

    async def aclose(self) -> None:
        try:
            await self._source.aclose()
        finally:
            await self._closed()
