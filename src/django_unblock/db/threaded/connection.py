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
        is_fit: whether an idle connection looks fit for use. Must not block.
    """

    gone = False
    idle_since = 0.0
    interrupt: Callable[[], None]
    is_fit: Callable[[], bool]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="unblock-db")  # starts when used

    def call[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call ``fn`` when no other call is under way: inside the bridge, in the thread."""
        if scope_here() is None:
            return fn(*args, **kwargs)
        with self.turn:
            if not bridge.inside():
                return fn(*args, **kwargs)
            return self._call_in_thread(partial(fn, *args, **kwargs))

    def call_soon(self, fn: Callable[[], None]) -> None:
        """Call ``fn``, which is quick, without waiting for the end of a call that is under way."""
        if self.turn.is_busy():
            self._thread.submit(fn)
        else:
            fn()

    def close(self) -> None:
        """Close; a connection of a pool does so in its thread, when its last call has ended."""
        if self.gone:
            return
        self.gone = True
        close: Callable[[], None] = super().close  # type: ignore[misc]  # the driver's
        if self.lent_by is None:
            self.call(close)
        else:
            self._thread.submit(close)
        self._thread.shutdown(wait=False)

    def _call_in_thread[R](self, call: Callable[[], R]) -> R:
        future = self._thread.submit(call)
        try:
            return bridge.suspend(asyncio.shield(asyncio.wrap_future(future)))
        except asyncio.CancelledError as cancelled:
            self._finish(future, interrupting=not self._must_complete())
            self._cancelled(cancelled)
            return future.result()
        except (GeneratorExit, BridgeError):
            self.close()
            raise
        finally:
            del future  # what it raised refers to this frame

    def _finish(self, future: "Future[Any]", *, interrupting: bool) -> None:
        """Return when the call has ended, however often the task is cancelled meanwhile."""
        loop = asyncio.get_running_loop()
        while not (interrupting and future.cancel()) and not future.done():
            if interrupting:
                _outlast(loop.run_in_executor(None, self._interrupt))
            _outlast(asyncio.wrap_future(future), INTERRUPT_SECONDS)

    def _interrupt(self) -> None:
        try:
            self.interrupt()
        except Exception as error:  # noqa: BLE001 - the caller raises the cancellation
            logger.warning("Could not cancel a query, waiting for its end: %r", error)


def _outlast(waited: "asyncio.Future[Any]", seconds: float | None = None) -> None:
    """Wait for a future, for some seconds at most, whatever cancellations arrive meanwhile."""
    while True:
        with suppress(asyncio.CancelledError):
            bridge.suspend(asyncio.wait([waited], timeout=seconds))
            return
