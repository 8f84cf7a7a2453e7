"""The pool of connections that have a thread each."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from django_unblock.db import pools
from django_unblock.db.threaded.connection import Threaded, connected


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a pool.

    Attributes:
        alias: the database's alias in the settings.
        connect: makes a connection; called in a thread.
        error: the driver's exception for operational errors.
        max_size: how many connections there may be.
        timeout: how long to wait for one, in seconds.
        max_idle: when an unused one is closed, in seconds.
    """

    alias: str
    connect: Callable[[], Threaded]
    error: type[Exception]
    max_size: int
    timeout: float = 30.0
    max_idle: float = 600.0


class Pool:
    """One alias's connections on one event loop, lent out one user at a time."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(recipe.max_size)
        self._idle: deque[Threaded] = deque()
        self._holders: dict[Threaded, str] = {}
        self._closed = False

    async def get(self, holder: str) -> Threaded:
        """Return a working connection, waiting for one if need be.

        ``holder`` names the borrower in messages.

        Raises:
            Exception: the driver's operational error: none became free in time (R301), or there
                is no connecting.
        """
        await self._wait_for_place()
        try:
            connection = self._from_idle() or await self._connect()
        except BaseException:
            self._places.release()
            raise
        self._holders[connection] = holder
        return connection

    def get_nowait(self, holder: str) -> None:  # noqa: ARG002 - of `pools.Pool`
        """Return None: what `get` costs is little beside the way to a thread."""
        return

    def give_back(self, connection: Threaded) -> None:
        """Take a connection back, from any thread. One that is not fit for use is closed."""
        if pools.is_running_here(self._loop):
            self._put(connection)
            return
        try:
            self._loop.call_soon_threadsafe(self._put, connection)
        except RuntimeError:  # the loop has ended, and its pool with it
            connection.close()

    async def close(self) -> None:
        """Close every connection that is not in use; those in use when they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _put(self, connection: Threaded) -> None:
        del self._holders[connection]
        now = connection.idle_since = self._loop.time()
        if connection.is_fit():
            self._idle.append(connection)
        else:
            connection.close()
        while self._idle and (
            self._closed or now - self._idle[0].idle_since > self.recipe.max_idle
        ):
            self._idle.popleft().close()
        self._places.release()

    def _from_idle(self) -> Threaded | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fit():
                return connection
            connection.close()
        return None

    async def _connect(self) -> Threaded:
        connection: Threaded = await connected(self.recipe.connect)
        connection.lent_by = self
        connection.turn.alias = self.recipe.alias
        return connection

    async def _wait_for_place(self) -> None:
        started = self._loop.time()
        try:
            async with asyncio.timeout(self.recipe.timeout):
                await self._places.acquire()
        except TimeoutError:
            raise self.recipe.error(
                pools.exhausted(
                    self.recipe.alias,
                    self._holders.values(),
                    size=self.recipe.max_size,
                    waited=self._loop.time() - started,
                )
            ) from None
