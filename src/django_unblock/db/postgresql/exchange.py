"""One exchange with the server: a psycopg generator, resumed whenever its socket is ready."""

import select
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from psycopg.waiting import Ready, Wait

from django_unblock import bridge
from django_unblock.db.postgresql.socket import Socket
from django_unblock.loops import settle

if TYPE_CHECKING:
    import asyncio

POLLS_IN_A_ROW = 50


class Exchange:
    """Runs a generator of psycopg's inside the bridge; interrupted, it can be run on."""

    __slots__ = ("_generator", "_polls", "_socket", "_wanted")

    def __init__(self, socket: Socket, generator: Generator[Any, Any, Any]) -> None:
        self._socket = socket
        self._generator = generator
        self._wanted = 0
        self._polls = POLLS_IN_A_ROW + 1

    def run(self, seconds: float | None = None) -> Any:
        """Return the generator's result, from the start or from where `run` was interrupted.

        Raises:
            TimeoutError: the socket was not ready within ``seconds``.
            psycopg.Error: whatever the generator raises.
        """
        generator = self._generator
        try:
            if not self._wanted:
                self._wanted = next(generator)
            while True:
                if self._wanted == Wait.R and seconds is None:
                    ready = bridge.suspend(self._socket.readable())
                else:
                    ready = self._ready_now() or self._wait_ready(seconds)
                self._wanted = generator.send(ready)
        except StopIteration as stop:
            return stop.value

    def _ready_now(self) -> int:
        """A socket is nearly always writable; asking the loop would cost one of its turns.

        The first time nobody is asked at all. After many in a row the loop is, for fairness.
        """
        if not self._wanted & Wait.W:
            return 0
        self._polls -= 1
        if self._polls == POLLS_IN_A_ROW:
            return Ready.W
        if self._polls < 0:
            self._polls = POLLS_IN_A_ROW
            return 0
        poll = select.poll()
        poll.register(self._socket.fd, select.POLLOUT | (select.POLLIN if self._reads() else 0))
        events = sum(event for _fd, event in poll.poll(0))
        return (Ready.W if events & select.POLLOUT else 0) | (
            Ready.R if events & select.POLLIN else 0
        )

    def _reads(self) -> bool:
        return bool(self._wanted & Wait.R)

    def _wait_ready(self, seconds: float | None) -> int:
        loop, fd = self._socket.loop, self._socket.fd
        writes = self._wanted & Wait.W
        future: asyncio.Future[int] = (
            self._socket.readable() if self._reads() else loop.create_future()
        )
        timer = loop.call_later(seconds, settle, future, 0) if seconds is not None else None
        try:
            if writes:
                loop.add_writer(fd, settle, future, Ready.W)
            if ready := bridge.suspend(future):
                return ready
            raise TimeoutError(f"the server did not answer within {seconds} s")
        finally:
            if timer is not None:
                timer.cancel()
            if writes:
                loop.remove_writer(fd)
