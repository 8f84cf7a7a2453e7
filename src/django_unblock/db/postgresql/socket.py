"""A connection's socket, as an event loop watches it."""

import asyncio
import os
import select

from psycopg.waiting import Ready


class Socket:
    """Tells when a connection's socket has something to read.

    The loop goes on watching between two waits: telling it anew for each costs more than all the
    rest of a wait. It watches a duplicate of the descriptor. Nobody else can close that, and have
    its number given to another file, behind the loop's back.

    Attributes:
        loop: the loop that watches.
        fd: the duplicate.
    """

    def __init__(self, fd: int, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.fd = os.dup(fd)
        self._poll = select.poll()
        self._poll.register(self.fd, select.POLLIN)
        self._reader: asyncio.Future[int] | None = None
        self._is_watched = False

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it; it is watched all the same."""
        return self._reader is not None

    def is_readable(self) -> bool:
        """Return whether there is something to read, or the other side has closed it."""
        return bool(self._poll.poll(0))

    def readable(self) -> "asyncio.Future[int]":
        """Return a future whose result is `Ready.R` as soon as the socket is readable."""
        self._reader = reader = self.loop.create_future()
        if not self._is_watched:
            self.loop.add_reader(self.fd, self._tell)
            self._is_watched = True
        return reader

    def forget(self) -> None:
        """Watch no longer."""
        if self._is_watched and not self.loop.is_closed():
            self.loop.remove_reader(self.fd)
        self._is_watched = False

    def _tell(self) -> None:
        events = self._poll.poll(0)
        if not events:  # asyncio's loops report once more what has just been read
            return
        reader, self._reader = self._reader, None
        if reader is None or events[0][1] != select.POLLIN:
            # The server has closed the connection, or speaks unasked. Or the connection was reset:
            # uvloop tells that once, and then watches no more.
            self.forget()
        if reader is not None and not reader.done():
            reader.set_result(Ready.R)

    def __del__(self) -> None:
        self.forget()  # what uvloop keeps of a reset one would be in the way of the number's next file
        os.close(self.fd)
