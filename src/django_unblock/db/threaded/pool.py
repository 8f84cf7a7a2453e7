"""The pool of connections that have a thread each."""

import asyncio
from collections import deque
from collections.abc import Callable

from django_unblock.db import pools
from django_unblock.db.threaded.connection import Threaded


class Pool:
    """One alias's connections on one event loop, lent out one user at a time.

    ``connect`` makes one, blocking. There are at most ``max_size``; whoever finds none free waits
    for ``timeout`` seconds, and then gets the driver's ``error``. One that nobody has used for
    ``max_idle`` seconds is closed.
    """

    def __init__(
        self,
        alias: str,
        connect: Callable[[], Threaded],
        error: type[Exception],
        *,
        max_size: int,
        timeout: float = 30.0,
        max_idle: float = 600.0,
    ) -> None:
        if max_size < 1:
            raise ValueError("max_size must be at least 1")
        self._alias, self._open, self._error = alias, connect, error
        self._size, self._timeout, self._max_idle = max_size, timeout, max_idle
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(max_size)
        self._idle: deque[Threaded] = deque()
        self._loans: dict[Threaded, pools.Loan] = {}

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
        self._loans[connection] = holder, self._loop.time()
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
        self._max_idle = -1.0
        self._close_idle()

    def _put(self, connection: Threaded) -> None:
        del self._loans[connection]
        connection.idle_since = self._loop.time()
        if connection.is_fit():
            self._idle.append(connection)
        else:
            connection.close()
        self._close_idle()
        self._places.release()

    def _close_idle(self) -> None:
        oldest = self._loop.time() - self._max_idle
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.popleft().close()

    def _from_idle(self) -> Threaded | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fit():
                return connection
            connection.close()
        return None

    async def _connect(self) -> Threaded:
        connection = await asyncio.to_thread(self._open)
        connection.lent_by = self
        connection.turn.alias = self._alias
        return connection

    async def _wait_for_place(self) -> None:
        started = self._loop.time()
        try:
            async with asyncio.timeout(self._timeout):
                await self._places.acquire()
        except TimeoutError:
            waited = self._loop.time() - started
            loans = self._loans.values()
            raise self._error(pools.exhausted(self._alias, loans, self._size, waited)) from None
