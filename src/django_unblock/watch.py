"""Who blocks the event loop: for how long, and at which line of the project's own code.

A watching thread asks the loop for a sign of life. Where none comes within the limit, it looks at
what the loop's thread is executing. For development (`UNBLOCK = {"WATCH_MS": 50}`) and tests
(`fails_if_blocked`); an unblocked loop pays one callback per limit.
"""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

from django_unblock import conf, lifespan
from django_unblock.own_code import is_own

logger = logging.getLogger("django_unblock.watch")


@dataclass(frozen=True, slots=True)
class Blocking:
    """One time that the loop was blocked.

    Attributes:
        file: the file of the project's innermost line on the stack.
        line: that line's number.
        function: the function it is in.
        inside: the function, of whatever library, that was executing.
        ms: how long the loop gave no sign of life, in milliseconds.
    """

    file: str
    line: int
    function: str
    inside: str
    ms: float

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}, at {self.inside}: {self.ms:.0f} ms"


class LoopBlockedError(AssertionError):
    """Something blocked the event loop for longer than the test allows.

    Attributes:
        found: each time that it happened.
    """

    def __init__(self, found: list[Blocking], limit_ms: float) -> None:
        places = "\n".join(f"  {blocking}" for blocking in found)
        super().__init__(f"R601: the event loop was blocked for more than {limit_ms} ms:\n{places}")
        self.found = found


class Watch:
    """A thread that watches the running loop until `stop`.

    `report` is called in that thread, each time that the loop was blocked for more than `limit_ms`.
    """

    def __init__(self, limit_ms: float, report: Callable[[Blocking], None]) -> None:
        self._limit = limit_ms / 1000
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._stopped = threading.Event()
        self._alive = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="unblock-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch; what blocks the loop until here is reported."""
        self._stopped.set()
        self._alive.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(self._limit / 4):
            self._alive.clear()
            asked = time.monotonic()
            try:
                self._loop.call_soon_threadsafe(self._alive.set)
            except RuntimeError:  # the loop is closed
                return
            if not self._stopped.is_set() and not self._alive.wait(self._limit):
                self._look(asked)

    def _look(self, asked: float) -> None:
        place = _place(sys._current_frames().get(self._loop_thread))
        self._alive.wait()
        if place is not None:
            self._report(Blocking(*place, ms=(time.monotonic() - asked) * 1000))


class fails_if_blocked:  # noqa: N801 - used as a function
    """Fail the test whose event loop is blocked for more than `ms` milliseconds.

    A context manager for code on a loop, and a decorator for async functions. With pytest, the
    fixture `unblocked_loop` does the same for a whole test.

    Raises:
        LoopBlockedError: an AssertionError that names each place (R601).
    """

    def __init__(self, ms: float = 50) -> None:
        self._ms = ms
        self._found: list[Blocking] = []

    def __enter__(self) -> None:
        self._watch = Watch(self._ms, self._found.append)

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._watch.stop()
        if self._found and kind is None:
            raise LoopBlockedError(self._found, self._ms)

    def __call__[**P, R](
        self, fn: Callable[P, Coroutine[Any, Any, R]]
    ) -> Callable[P, Coroutine[Any, Any, R]]:
        """Watch the loop during each call of an async function."""

        @wraps(fn)
        async def watched(*args: P.args, **kwargs: P.kwargs) -> R:
            with fails_if_blocked(self._ms):
                return await fn(*args, **kwargs)

        return watched


class _Log:
    """Logs each place once."""

    def __init__(self) -> None:
        self._places: set[tuple[str, int]] = set()

    def __call__(self, blocking: Blocking) -> None:
        place = (blocking.file, blocking.line)
        if place not in self._places:
            self._places.add(place)
            logger.warning("The event loop was blocked by %s", blocking)


_watches: dict[asyncio.AbstractEventLoop, Watch] = {}


@lifespan.on_startup
async def start() -> None:
    """Watch the running loop if `UNBLOCK["WATCH_MS"]` says so, and log each blocking place once."""
    limit_ms = conf.current().WATCH_MS
    if limit_ms is not None:
        _watches[asyncio.get_running_loop()] = Watch(limit_ms, _Log())


@lifespan.on_shutdown
async def stop() -> None:
    """End the running loop's watch, if there is one."""
    watch = _watches.pop(asyncio.get_running_loop(), None)
    if watch is not None:
        watch.stop()


def _place(frame: FrameType | None) -> tuple[str, int, str, str] | None:
    """Where the project's code stands, and what it called; None if the loop is idle."""
    if frame is None or _is_idle(frame):
        return None
    code = frame.f_code
    inside = f"{code.co_qualname} ({Path(code.co_filename).name}:{frame.f_lineno})"
    own = _own(frame) or frame
    return own.f_code.co_filename, own.f_lineno, own.f_code.co_qualname, inside


def _is_idle(frame: FrameType) -> bool:
    """Whether the loop itself is what runs: it waits, and the machine is slow to wake it."""
    path = Path(frame.f_code.co_filename)
    return path.parent.name == "asyncio" or path.name == "selectors.py"


def _own(frame: FrameType | None) -> FrameType | None:
    """The innermost frame that belongs neither to Python, nor to an installed package, nor to us."""
    while frame is not None and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return frame
