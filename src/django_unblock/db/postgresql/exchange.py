"""One exchange with the server: a psycopg generator, resumed whenever its socket is ready."""

import asyncio
import select
from collections.abc import Generator
from typing import Any, cast

import psycopg
from psycopg.waiting import Ready, Wait

from django_unblock import bridge

POLLS_IN_A_ROW = 50


class Exchange:
    """Runs a generator of psycopg's inside the bridge; interrupted, it can be run on."""

    __slots__ = ("_fd", "_generator", "_polls", "_wanted")

    def __init__(self, fd: int, generator: Generator[Any, Any, Any]) -> None:
        self._fd = fd
        self._generator = generator
        self._wanted: int | None = None
        self._polls = POLLS_IN_A_ROW + 1

    def run(self, seconds: float | None = None) -> Any:
        """Return the generator's result, from the start or from where `run` was interrupted.

        Raises:
            TimeoutError: the socket was not ready within ``seconds``.
            psycopg.Error: whatever the generator raises.
        """
        generator = self._generator
        try:
            if self._wanted is None:
                self._wanted = next(generator)
            while True:
                ready = self._ready_now() if self._wanted & Wait.W else 0
                self._wanted = generator.send(ready or self._wait_ready(seconds))
        except StopIteration as stop:
            return stop.value

    def _ready_now(self) -> int:
        """A socket is nearly always writable; asking the loop would cost one of its turns.

        The first time nobody is asked at all. After many in a row the loop is, for fairness.
        """
        self._polls -= 1
        if self._polls == POLLS_IN_A_ROW:
            return Ready.W
        if self._polls < 0:
            self._polls = POLLS_IN_A_ROW
            return 0
        poll = select.poll()
        poll.register(self._fd, select.POLLOUT | (select.POLLIN if self._reads() else 0))
        events = sum(event for _fd, event in poll.poll(0))
        return (Ready.W if events & select.POLLOUT else 0) | (
            Ready.R if events & select.POLLIN else 0
        )

    def _reads(self) -> bool:
        return bool(cast("int", self._wanted) & Wait.R)

    def _wait_ready(self, seconds: float | None) -> int:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        try:
            return self._wait_for(future, loop, seconds)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise psycopg.OperationalError("connection socket closed") from error

    def _wait_for(
        self, future: asyncio.Future[int], loop: asyncio.AbstractEventLoop, seconds: float | None
    ) -> int:
        writes = cast("int", self._wanted) & Wait.W
        timer = loop.call_later(seconds, _answer, future, 0) if seconds is not None else None
        try:
            if self._reads():
                loop.add_reader(self._fd, _answer, future, Ready.R)
            if writes:
                loop.add_writer(self._fd, _answer, future, Ready.W)
            if ready := bridge.suspend(future):
                return ready
            raise TimeoutError(f"the server did not answer within {seconds} s")
        finally:
            if timer is not None:
                timer.cancel()
            loop.remove_reader(self._fd)
            if writes:
                loop.remove_writer(self._fd)


def _answer(future: asyncio.Future[int], ready: int) -> None:
    if not future.done():
        future.set_result(ready)
