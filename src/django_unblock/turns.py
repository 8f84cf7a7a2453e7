"""Taking turns: a fair lock on which greenlets queue without blocking their event loop."""

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from types import TracebackType

from django_unblock import bridge
from django_unblock.loops import running_loop


class FairLock:
    """A lock granted in the order of asking, across greenlets, tasks and threads.

    Inside the bridge, waiting for it lets the loop's other tasks run; in a plain thread it blocks
    the thread. Not reentrant. A context manager like `threading.Lock`, whose place it can take.
    """

    __slots__ = ("_busy", "_guard", "_queue")

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._queue: deque[Future[None]] = deque()

    def acquire(self, seconds: float | None = None) -> None:
        """Return when it is the caller's turn. Cancelled meanwhile, it leaves the queue.

        Raises:
            TimeoutError: it was not within the seconds.
            BridgeError: a coroutine that the bridge does not drive would have to wait (R102).
        """
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            place: Future[None] = Future()
            self._queue.append(place)
        try:
            if (
                bridge.inside() or running_loop() is not None
            ):  # to block it could be to wait for oneself
                bridge.suspend(asyncio.wait_for(asyncio.wrap_future(place), seconds))
            else:
                place.result(seconds)
        except BaseException:
            granted_meanwhile = not place.cancel()
            if granted_meanwhile:
                self.release()
            raise

    def release(self) -> None:
        """Pass the turn to the one who has waited longest, if any."""
        with self._guard:
            while self._queue:
                place = self._queue.popleft()
                if place.set_running_or_notify_cancel():
                    break
            else:
                self._busy = False
                return
        place.set_result(None)

    def is_busy(self) -> bool:
        """Return whether somebody has it."""
        return self._busy

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
