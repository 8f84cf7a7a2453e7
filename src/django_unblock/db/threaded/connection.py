"""A driver's connection with a thread of its own, which makes its blocking calls."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from django_unblock import bridge
from django_unblock.db.lending import Lendable
from django_unblock.errors import BridgeError
from django_unblock.scopes import scope_here

logger = logging.getLogger("django_unblock")

INTERRUPT_SECONDS = 1.0


class Threaded(Lendable):
    """Put before a driver's connection class.

    Attributes:
        idle_since: when it was given back, in seconds of its loop's clock.
        interrupt: end the running statement, if any. Called in another thread.
    """

    gone = False
    idle_since = 0.0
    interrupt: Callable[[], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._thread: ThreadPoolExecutor | None = None

    def call[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call ``fn`` when no other call is under way: inside the bridge, in the thread."""
        if scope_here() is None:
            return fn(*args, **kwargs)
        with self.turn:
            if not bridge.inside():
                return fn(*args, **kwargs)
            return self._call_in_thread(partial(fn, *args, **kwargs))

    def is_fit(self) -> bool:
        """Return whether an idle connection looks fit for use. Must not block."""
        raise NotImplementedError

    def close(self) -> None:
        """Close; a connection of a pool does so in its thread, when its last call has ended."""
        if self.gone:
            return
        self.gone = True
        close: Callable[[], None] = super().close  # type: ignore[misc]  # the driver's
        if self.lent_by is None:
            self.call(close)
        else:
            self._executor().submit(close)
            self._executor().shutdown(wait=False)

    def _executor(self) -> ThreadPoolExecutor:
        if self._thread is None:
            self._thread = _new_thread()
        return self._thread

    def _call_in_thread[R](self, call: Callable[[], R]) -> R:
        future = self._executor().submit(call)
        try:
            bridge.suspend(_end_of(future))
        except asyncio.CancelledError as cancelled:
            self._finish(future, interrupting=not self._must_complete())
            self._cancelled(cancelled)
        except (GeneratorExit, BridgeError):
            self.close()
            raise
        try:
            return future.result()
        finally:
            del future  # what it raised refers to this frame

    def _finish(self, future: "Future[Any]", *, interrupting: bool) -> None:
        """Return when the call has ended, however often the task is cancelled meanwhile."""
        if interrupting:
            future.cancel()
        while not future.done():
            with suppress(asyncio.CancelledError):
                if interrupting:
                    bridge.suspend(asyncio.to_thread(self._interrupt))
                bridge.suspend(asyncio.wait([_end_of(future)], timeout=INTERRUPT_SECONDS))

    def _interrupt(self) -> None:
        try:
            self.interrupt()
        except Exception as error:  # noqa: BLE001 - the caller raises the cancellation
            logger.warning("Could not cancel a query, waiting for its end: %r", error)


def _new_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="unblock-db")


def _end_of(future: "Future[Any]") -> "asyncio.Future[None]":
    """A future of the running loop that is done when that of the thread is, and not before."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def tell(_future: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(_settle, ended)

    future.add_done_callback(tell)
    return ended


def _settle(ended: "asyncio.Future[None]") -> None:
    if not ended.done():
        ended.set_result(None)


async def connected(connect: Callable[[], Any]) -> Any:
    """Connect in a thread, which is from then on the connection's."""
    thread = _new_thread()
    future = thread.submit(connect)
    try:
        await _end_of(future)
    except asyncio.CancelledError:
        future.add_done_callback(_close_unwanted)
        raise
    connection = future.result()
    connection._thread = thread
    return connection


def _close_unwanted(future: "Future[Any]") -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().close()
