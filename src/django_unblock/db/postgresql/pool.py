"""The engine's pool: a psycopg_pool ``AsyncConnectionPool`` that lends synchronous connections."""

import asyncio
import contextvars
import weakref
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from django_unblock.db import pools
from django_unblock.db.postgresql.connection import Connection

# A process that serves many requests at once wants many connections, and those of a burst at the
# same time: psycopg_pool opens only as many at once as it has workers.
WARM_SECONDS = 1.0
DEFAULTS = {"min_size": 0, "max_size": 40, "num_workers": 10, "reconnect_timeout": 0.0}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a pool.

    Attributes:
        alias: the database's alias in the settings.
        connect: keyword arguments to connect with.
        options: keyword arguments of ``AsyncConnectionPool``, from ``OPTIONS["pool"]``.
        cursor_factory: the class of the cursors.
        health_checks: ask the server whether a connection works before each use.
    """

    alias: str
    connect: dict[str, Any]
    options: dict[str, Any]
    cursor_factory: type[psycopg.Cursor[Any]]
    health_checks: bool = False


class _Pooled(psycopg.AsyncConnection[Any]):
    """What psycopg_pool keeps; the work is done by the synchronous connection over it."""

    over: Connection

    @classmethod
    async def connect(cls, conninfo: str = "", *, pool: "Pool", **kwargs: Any) -> Self:  # type: ignore[override]  # psycopg_pool passes our keyword on
        try:
            self = await super().connect(conninfo, **kwargs)
        except psycopg.Error as error:
            pool.connect_failed(error)
            raise
        except asyncio.CancelledError:
            pool.loop_ends()
            raise
        self.over = Connection.over(self, pool.recipe.cursor_factory)
        self.over.turn.alias = pool.recipe.alias
        self.over.lent_by = pool
        self.over.pooled = self
        pool.all.add(self)
        return self


class Pool:
    """One alias's connections on one event loop, lent out one user at a time."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.all: weakref.WeakSet[_Pooled] = weakref.WeakSet()
        self._loop = asyncio.get_running_loop()
        self._loans: dict[Connection, pools.Loan] = {}
        self._no_server: asyncio.Future[None] = self._loop.create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._warm: list[Connection] = []
        self._sweeper: asyncio.TimerHandle | None = None
        self._getting = 0
        self._pool = AsyncConnectionPool(
            connection_class=_Pooled,
            kwargs={**recipe.connect, "autocommit": True, "pool": self},
            open=False,
            name=recipe.alias,
            **{**DEFAULTS, **recipe.options},
        )

    async def get(self, holder: str) -> Connection:
        """Return a working connection, waiting for one if need be.

        ``holder`` names the borrower in messages.

        Raises:
            psycopg.OperationalError: none became free in time, or the server can't be reached.
        """
        if (warm := self.get_nowait(holder)) is not None:
            return warm
        if self._pool.closed:
            await self._loop.create_task(self._pool.open(), context=contextvars.Context())
        while True:
            pooled = await self._next()
            try:
                works = await self._works(pooled)
            except BaseException:
                self._return(pooled.over)
                raise
            if works:
                self._loans[pooled.over] = holder, self._loop.time()
                return pooled.over
            await self._discard(pooled)

    def get_nowait(self, holder: str) -> Connection | None:
        """Return a connection that was used a moment ago, if one is free."""
        while self._warm:
            connection = self._warm.pop()
            if not self.recipe.health_checks and connection.is_quiet():
                self._loans[connection] = holder, self._loop.time()
                return connection
            self._return(connection)
        return None

    def put(self, connection: Connection) -> None:
        """Take a connection back, in the loop's thread. Closed ones are replaced."""
        self._loans.pop(connection, None)
        if connection.listens:
            connection.close()
        if self._getting or connection.closed or self._pool.closed:
            self._return(connection)
            return
        self._warm.append(connection)
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(WARM_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Return the warm connections to psycopg_pool, which sees to their age and number."""
        self._sweeper = None
        while self._warm:
            self._return(self._warm.pop())

    def _return(self, connection: Connection) -> None:
        task = asyncio.Task(
            self._pool.putconn(connection.pooled), loop=self._loop, eager_start=True
        )
        if not task.done():
            self._keep(task)

    async def _discard(self, pooled: _Pooled) -> None:
        await pooled.close()
        self._return(pooled.over)

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def give_back(self, connection: Connection) -> None:
        """`put`, from whichever thread."""
        if pools.is_running_here(self._loop):
            self.put(connection)
            return
        try:
            self._loop.call_soon_threadsafe(self.put, connection)
        except RuntimeError:  # the loop has ended, and its pool with it
            connection.pgconn.finish()

    def connect_failed(self, error: psycopg.Error) -> None:
        """Fail those who wait if no connection exists that could still become free."""
        if not self._loans:
            failed, self._no_server = self._no_server, self._loop.create_future()
            failed.set_exception(error)
            failed.exception()  # nobody need be waiting

    def loop_ends(self) -> None:
        """End the pool's own tasks, which would survive being cancelled while they connect.

        psycopg_pool takes that for a failure to connect and goes on; ``asyncio.run`` would then
        wait for them forever.
        """
        self._keep(self._loop.create_task(self._pool.close()))

    async def close(self) -> None:
        """Close every connection that is not in use; those in use when they are given back."""
        self._sweep()
        with suppress(asyncio.CancelledError):  # the pool's own tasks, if the loop ended them
            await self._pool.close(timeout=1.0)
        for pooled in list(self.all):
            if pooled.over not in self._loans:
                pooled.pgconn.finish()

    async def _next(self) -> _Pooled:
        """The pool's next connection, unless the server turns out to be unreachable."""
        started = self._loop.time()
        getting = asyncio.Task(self._pool.getconn(), loop=self._loop, eager_start=True)
        self._getting += 1
        try:
            if not getting.done():
                await self._first_of(getting, self._no_server)
            return getting.result()
        except (PoolTimeout, TooManyRequests) as error:
            raise self._exhausted(error, self._loop.time() - started) from None
        finally:
            self._getting -= 1

    async def _first_of(
        self, getting: "asyncio.Task[_Pooled]", no_server: asyncio.Future[None]
    ) -> None:
        try:
            either: list[asyncio.Future[Any]] = [getting, no_server]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not getting.done() and (error := no_server.exception()) is not None:
                raise type(error)(str(error))  # noqa: TRY301 - it is given up as if cancelled
        except BaseException:
            getting.cancel()
            getting.add_done_callback(self._put_unwanted)
            raise

    def _put_unwanted(self, getting: "asyncio.Task[_Pooled]") -> None:
        if not getting.cancelled() and getting.exception() is None:
            self.put(getting.result().over)

    async def _works(self, pooled: _Pooled) -> bool:
        """Whether the connection works. Unless there is cause to, the server is not asked."""
        try:
            if self.recipe.health_checks or not pooled.over.is_quiet():
                await AsyncConnectionPool.check_connection(pooled)
        except psycopg.Error:
            return False
        return not pooled.closed

    def _exhausted(self, error: Exception, waited: float) -> psycopg.OperationalError:
        if isinstance(error, TooManyRequests):
            return psycopg.OperationalError(f"R302: {error}")
        alias, loans = self.recipe.alias, self._loans.values()
        return psycopg.OperationalError(pools.exhausted(alias, loans, self._pool.max_size, waited))
