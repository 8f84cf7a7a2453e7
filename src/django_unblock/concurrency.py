"""Doing several things at the same time: ``gather``, ``load``, ``together``, ``overlap``; and what runs where."""

import asyncio
from collections import deque
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
)
from functools import partial, wraps
from inspect import iscoroutinefunction
from itertools import islice
from types import TracebackType
from typing import Any, Self, overload

from asgiref.sync import async_to_sync
from django.db.models import QuerySet

from django_unblock import bridge, ownership, threads
from django_unblock.loops import running_loop


async def gather(*awaitables: Awaitable[Any], limit: int | None = None) -> tuple[Any, ...]:
    """Run awaitables at the same time and return their results, in order.

    Each is a task of its own, in which synchronous ORM access does not block. At most ``limit``
    run at once. The first error in the order given wins: when one fails, those after it are
    cancelled and those before it run to their end, since one of them may fail too. Every task has
    ended when `gather` does.

    Inside a transaction they run one after the other, in order, up to the first error.

    Raises:
        Exception: what the first of them, in order, has raised.
        ValueError: ``limit`` is less than 1.
    """
    if limit is not None and limit < 1:
        _close(awaitables)
        raise ValueError(f"R108: gather() needs a limit of at least 1, not {limit}.")
    if ownership.in_transaction():
        return await _one_by_one(awaitables)
    gate = asyncio.Semaphore(limit) if limit is not None and limit < len(awaitables) else None
    branches = [asyncio.create_task(_branch(awaitable, gate)) for awaitable in awaitables]
    try:
        await _first_error_wins(branches)
    finally:
        await _cancel(branches)
        _close(awaitables)
    return tuple(branch.result() for branch in branches)


async def _one_by_one(awaitables: Iterable[Awaitable[Any]]) -> tuple[Any, ...]:
    waiting = list(awaitables)
    results = []
    try:
        while waiting:
            results.append(await bridge.drive(bridge.awaiting(waiting.pop(0))))
    finally:
        _close(waiting)
    return tuple(results)


def _branch[T](awaitable: Awaitable[T], gate: asyncio.Semaphore | None) -> Coroutine[Any, Any, T]:
    coroutine = awaitable if asyncio.iscoroutine(awaitable) else bridge.awaiting(awaitable)
    return bridge.drive(coroutine) if gate is None else _gated(coroutine, gate)


async def _gated[T](coroutine: Coroutine[Any, Any, T], gate: asyncio.Semaphore) -> T:
    await gate.acquire()
    result = await bridge.drive(coroutine)
    gate.release()  # not behind an error: who waits here comes after it, and must not start
    return result


async def _first_error_wins(branches: list["asyncio.Task[Any]"]) -> None:
    """Wait until every branch that may still matter has ended; cancel those after a failure."""
    mattering = branches
    while True:
        failed = [place for place, branch in enumerate(mattering) if _has_failed(branch)]
        if failed:
            for branch in branches[failed[0] + 1 :]:
                branch.cancel()
            mattering = branches[: failed[0]]
        running = [branch for branch in mattering if not branch.done()]
        if not running:
            return
        await _failure_or_all_done(running)


async def _failure_or_all_done(branches: Collection["asyncio.Task[Any]"]) -> None:
    """Like `asyncio.wait` for the first exception, of which a cancellation is one."""
    waiter = asyncio.get_running_loop().create_future()
    left = len(branches)

    def note(branch: "asyncio.Task[Any]") -> None:
        nonlocal left
        left -= 1
        if (left == 0 or _has_failed(branch)) and not waiter.done():
            waiter.set_result(None)

    for branch in branches:
        branch.add_done_callback(note)
    await waiter


def _has_failed(branch: "asyncio.Task[Any]") -> bool:
    return branch.done() and (branch.cancelled() or branch.exception() is not None)


async def _cancel(branches: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel what still runs and wait for all of it, however often this task is cancelled."""
    running = [branch for branch in branches if not branch.done()]
    for branch in running:
        branch.cancel()
    interruption = None
    while running:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as cancelled:
            interruption = cancelled
        running = [branch for branch in running if not branch.done()]
    for branch in branches:
        _has_failed(branch)  # having looked at it, asyncio does not report the error as missed
    if interruption is not None:
        raise interruption


def _close(awaitables: Iterable[Awaitable[Any]]) -> None:
    """Close the coroutines that were not started, which would otherwise warn of it."""
    for awaitable in awaitables:
        if asyncio.iscoroutine(awaitable):
            awaitable.close()


@overload
async def load[Q: QuerySet[Any, Any]](queryset: Q, /) -> Q: ...
@overload
async def load(*querysets: Any) -> tuple[Any, ...]: ...
async def load(*querysets: Any) -> Any:
    """Evaluate querysets at the same time; they stay querysets, with their result cache filled.

    Prefetches are made too. One that is loaded already makes no query. Returns the queryset if
    one is given, else a tuple of them.

    Raises:
        TypeError: one of them is no queryset (a manager is none: use ``.all()``).
    """
    for queryset in querysets:
        if not hasattr(queryset, "_fetch_all"):
            raise TypeError(f"R109: load() takes querysets, not {queryset!r}.")
    distinct = {id(queryset): queryset for queryset in querysets}.values()
    if len(distinct) == 1:
        await bridge.run(querysets[0]._fetch_all)
    else:
        await gather(*(unblock(queryset._fetch_all)() for queryset in distinct))
    return querysets[0] if len(querysets) == 1 else querysets


def together(*work: Any) -> tuple[Any, ...]:
    """Do several things at the same time, from synchronous code; return their results, in order.

    Each is a queryset, which is loaded and stays one, or a function to be called without arguments.
    In a view that the runtime serves they overlap, and fail, as in `gather`. In a transaction, and
    in plain synchronous code (WSGI, a command, a test), they are done one after the other.
    What holds a thread does not belong in it: on the loop it blocks every request.

    Raises:
        TypeError: one of them is neither (a manager is none: use ``.all()``).
        Exception: what the first of them, in order, has raised.
    """
    calls = [one if callable(one) else partial(_loaded, one) for one in work]
    if ownership.in_transaction() or not _has_loop():
        return tuple(call() for call in calls)

    async def overlapped() -> tuple[Any, ...]:
        return await gather(*(unblock(call)() for call in calls))

    return bridge.wait(overlapped()) if bridge.inside() else async_to_sync(overlapped)()


def _has_loop() -> bool:
    """Whether the running synchronous code is waited for by a loop of ours, which it can use."""
    return bridge.inside() or (threads.is_worker() and running_loop() is None)


def _loaded[Q: QuerySet[Any, Any]](queryset: Q) -> Q:
    if not hasattr(queryset, "_fetch_all"):
        raise TypeError(f"R109: together() takes querysets and functions, not {queryset!r}.")
    queryset._fetch_all()
    return queryset


def unblock[**P, R](fn: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Return an async function that runs the synchronous ``fn`` on the loop.

    Its ORM calls don't block and can overlap in `gather`. Anything else that it waits for does
    block: use `offload` for that. Context variables, exceptions and their tracebacks pass through.

    Raises:
        TypeError: ``fn`` is an async function.
    """
    _check_sync(fn, "unblock")

    @wraps(fn)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return await bridge.run(fn, *args, **kwargs)

    return call


def offload[**P, R](fn: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Return an async function that runs the synchronous ``fn`` in a worker thread.

    For what blocks and can't be bridged: files, subprocesses, clients such as boto3, long
    computing. There are ``UNBLOCK["SYNC_THREADS"]`` threads. The ORM works in it, on a connection
    of its own that goes back to the pool, or on that of the transaction it is called in.

    A thread cannot be stopped: cancelled, the call raises at once and the thread runs on to its end.

    Raises:
        TypeError: ``fn`` is an async function.
    """
    _check_sync(fn, "offload")

    @wraps(fn)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return await threads.run(fn, *args, **kwargs)

    return call


def _check_sync(fn: Callable[..., Any], name: str) -> None:
    if iscoroutinefunction(fn):
        raise TypeError(f"R110: {name}() takes a synchronous callable; await {fn!r} directly.")


class _Later[R]:
    """What a coroutine function will return, called when first awaited."""

    def __init__(self, start: Callable[[], Coroutine[Any, Any, R]]) -> None:
        self._start = start

    def __await__(self) -> Generator[Any, Any, R]:
        return self._start().__await__()


_left_behind: set["asyncio.Task[Any]"] = set()


class overlap[T, R]:  # noqa: N801 - used as a function
    """Iterate over items, computing the answers of the next ones meanwhile.

    ``async for item, answer in overlap(fn, items, limit=10)``: the coroutine function ``fn`` is
    called with up to ``limit`` items at a time, in order; ``await answer`` gives the item's result
    or raises its error there. Leaving the loop early cancels what was started; to have that
    awaited as well, write ``async with overlap(...) as answers`` around the loop.

    Inside a transaction an answer is computed when it is awaited, one at a time.

    ``items`` may be a queryset, any iterable or an async iterable.
    """

    def __init__(
        self,
        fn: Callable[[T], Coroutine[Any, Any, R]],
        items: Iterable[T] | AsyncIterable[T],
        limit: int = 10,
    ) -> None:
        if limit < 1:
            raise ValueError(f"R108: overlap() needs a limit of at least 1, not {limit}.")
        self._fn = fn
        self._items = items
        self._limit = limit
        self._source: AsyncIterator[T] | None = None
        self._ahead: deque[tuple[T, Awaitable[R]]] = deque()
        self._started: list[asyncio.Task[R]] = []

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> tuple[T, Awaitable[R]]:
        if self._source is None:
            self._source = _each(self._items)
        self._started = [task for task in self._started if not task.done()]
        async for item in self._source:
            self._ahead.append((item, self._begin(item)))
            if len(self._ahead) >= self._limit:
                break
        if not self._ahead:
            raise StopAsyncIteration
        return self._ahead.popleft()

    def _begin(self, item: T) -> Awaitable[R]:
        if ownership.in_transaction():
            return _Later(lambda: bridge.drive(self._fn(item)))
        task = asyncio.create_task(bridge.drive(self._fn(item)))
        self._started.append(task)
        return task

    async def aclose(self) -> None:
        """Cancel what was started and is not done, and wait for it."""
        started, self._started = self._started, []
        await _cancel(started)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __del__(self) -> None:
        for task in getattr(self, "_started", ()):
            _leave_behind(task)


def _leave_behind(task: "asyncio.Task[Any]") -> None:
    if not task.done() and not task.get_loop().is_closed():
        _left_behind.add(task)
        task.add_done_callback(_forget)
        task.get_loop().call_soon_threadsafe(task.cancel)


def _forget(task: "asyncio.Task[Any]") -> None:
    _left_behind.discard(task)
    _has_failed(task)


async def _each[T](items: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
        return
    iterator = await bridge.run(items.__iter__)
    while following := await bridge.run(_next, iterator):
        yield following[0]


def _next[T](iterator: Iterator[T]) -> tuple[T, ...]:
    """The next item alone in a tuple, empty at the end: StopIteration can't leave a coroutine."""
    return tuple(islice(iterator, 1))
