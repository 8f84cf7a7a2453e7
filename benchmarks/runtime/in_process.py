"""What is measured without a server: `python -m benchmarks.runtime.in_process`, one per contestant.

It reads the name of a measure from each line of standard input and writes what that took as a line
of JSON, `Taken`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import django
import uvloop

django.setup()

from django.conf import settings  # noqa: E402

from benchmarks.runtime.library.models import Book, Slowly  # noqa: E402

IN_A_ROW = 20
TIMES = 20
AT_A_TIME = 32
SLOW_SECONDS = 0.1
SLOW_QUERIES = 4
SLOW_TIMES = 3


@dataclass(frozen=True)
class Taken:
    """What one call took, of a few that are measured together, many times over.

    Attributes:
        cpu_us: CPU time of the whole process, in microseconds; the least, as `timeit` advises: what
            is more comes from the machine's other work.
        wall_ms: time, in milliseconds; the median.
    """

    cpu_us: float
    wall_ms: float


class Contestant:
    """Stock Django, as its ASGI handler runs a request: in a context with a thread of its own."""

    books: Any = Book.objects

    async def request(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work as a request does."""
        from asgiref.sync import ThreadSensitiveContext, sync_to_async
        from django.db import close_old_connections

        async with ThreadSensitiveContext():
            await sync_to_async(close_old_connections)()  # request_started
            await work()
            await sync_to_async(close_old_connections)()  # request_finished

    async def together(self, *queries: Coroutine[Any, Any, Any]) -> None:
        """Make the queries at the same time."""
        await asyncio.gather(*queries)


class Unblock(Contestant):
    """django-unblock: its ASGI handler drives a request in a greenlet."""

    async def request(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work as a request does."""
        from django_unblock import bridge

        await bridge.drive(_call(work))

    async def together(self, *queries: Coroutine[Any, Any, Any]) -> None:
        """Make the queries at the same time."""
        from django_unblock import gather

        await gather(*queries)


class OwnApi(Contestant):
    """django-async-backend: a connection for each task, closed by a signal's receiver."""

    books = getattr(Book, "async_objects", None)

    async def request(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work as a request does."""
        from django_async_backend.db import close_old_async_connections

        await work()
        await close_old_async_connections()

    async def together(self, *queries: Coroutine[Any, Any, Any]) -> None:
        """Make the queries at the same time."""
        from django_async_backend.db import async_new_connection

        await asyncio.gather(*map(async_new_connection, queries))


def contestant() -> Contestant:
    """The one that this process's settings are for."""
    if "django_unblock" in settings.INSTALLED_APPS:
        return Unblock()
    if "django_async_backend" in settings.INSTALLED_APPS:
        return OwnApi()
    return Contestant()


async def _call(work: Callable[[], Awaitable[Any]]) -> None:
    await work()


class Measures:
    """What can be asked for, by name."""

    def __init__(self, contestant: Contestant) -> None:
        self._contestant = contestant
        self._books = contestant.books
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)

    def take(self, name: str) -> Taken:
        """Take one of the measures below."""
        measured: Taken = getattr(self, name)()
        return measured

    def get(self) -> Taken:
        """A plain synchronous `get`."""
        return _taken(lambda: _repeat(lambda: Book.objects.get(pk=1)), IN_A_ROW)

    def rows(self) -> Taken:
        """20 rows with `select_related`, synchronously."""
        return _taken(lambda: _repeat(lambda: list(_rows(Book.objects))), IN_A_ROW)

    def agets(self) -> Taken:
        """An `aget` among many in one request."""
        return self._in_requests(self._agets, IN_A_ROW)

    def arows(self) -> Taken:
        """20 rows with `select_related` by `async for`, among many such in one request."""
        return self._in_requests(self._arows, IN_A_ROW)

    def aget(self) -> Taken:
        """A request's only `aget`, many requests at a time, less what a request takes by itself."""
        whole = self._in_requests(self._aget, 1, at_a_time=AT_A_TIME)
        empty = self._in_requests(_nothing, 1, at_a_time=AT_A_TIME)
        return Taken(whole.cpu_us - empty.cpu_us, whole.wall_ms - empty.wall_ms)

    def slow_query(self) -> Taken:
        """One slow query."""
        return self._slow(1)

    def slow_queries(self) -> Taken:
        """Some slow queries at the same time."""
        return self._slow(SLOW_QUERIES)

    async def _aget(self) -> None:
        await self._books.aget(pk=1)

    async def _agets(self) -> None:
        for _ in range(IN_A_ROW):
            await self._books.aget(pk=1)

    async def _arows(self) -> None:
        for _ in range(IN_A_ROW):
            [book async for book in _rows(self._books)]

    def _slow(self, count: int) -> Taken:
        async def together() -> None:
            books = self._books.annotate(slow=Slowly(SLOW_SECONDS))
            await self._contestant.together(*(books.aget(pk=pk + 1) for pk in range(count)))

        self._in_requests(together, 1, times=1)  # opens the connections that it takes
        return self._in_requests(together, 1, times=SLOW_TIMES)

    def _in_requests(
        self, work: Callable[[], Awaitable[Any]], calls: int, at_a_time: int = 1, times: int = TIMES
    ) -> Taken:
        async def run() -> None:
            await asyncio.gather(*(self._contestant.request(work) for _ in range(at_a_time)))

        return _taken(lambda: self._runner.run(run()), calls * at_a_time, times)


async def _nothing() -> None:
    """A request that makes no query."""


def _rows(books: Any) -> Any:
    return books.select_related("author").order_by("pk")[:20]


def _repeat(call: Callable[[], object]) -> None:
    for _ in range(IN_A_ROW):
        call()


def _taken(work: Callable[[], object], calls: int, times: int = TIMES) -> Taken:
    cpu, wall = zip(*(_timed(work) for _ in range(times)), strict=True)
    return Taken(min(cpu) / calls * 1e6, median(wall) / calls * 1e3)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    """Answer until standard input ends."""
    measures = Measures(contestant())
    for line in sys.stdin:
        print(json.dumps(asdict(measures.take(line.strip()))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
