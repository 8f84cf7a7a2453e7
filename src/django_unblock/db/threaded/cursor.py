"""A driver's cursor, whose calls that wait are made in its connection's thread."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django_unblock import bridge, origin

_WAITING = frozenset({"callproc", "execute", "executescript", "nextset"})


class Cursor:
    """Takes the place of the driver's cursor in code that may not block.

    It outlasts the loan of its connection: its next statement goes to the one that its wrapper
    borrows then. It reads all rows with the statement, in one call. One that reads in chunks does
    not, and keeps its connection until it is closed.

    Attributes:
        closed: it needs its connection no longer.
    """

    def __init__(self, wrapper: Any, make: Callable[[], Any], *, in_chunks: bool) -> None:
        self._wrapper = wrapper
        self._scope = wrapper.scope
        self._make = make
        self._in_chunks = in_chunks
        self._rows: Iterator[Sequence[Any]] | None = None
        self._sequence = type(wrapper.features.empty_fetchmany_value)
        self.closed = True
        self._bind()

    def executemany(self, sql: str, parameters: Any) -> Any:
        """Execute a statement for each of the parameters, which are taken from their iterator here."""
        return self._send("executemany", sql, list(parameters))

    def fetchone(self) -> Any:
        """Return the next row, None at the end."""
        return next(iter(self.fetchmany(1)), None)

    def fetchmany(self, size: int | None = None) -> Any:
        """Return the next rows."""
        size = self._cursor.arraysize if size is None else size
        if self._rows is None:
            return self._connection.call(self._cursor.fetchmany, size)
        return self._sequence(islice(self._rows, size))

    def fetchall(self) -> Any:
        """Return all the rows that are left."""
        if self._rows is None:
            return self._connection.call(self._cursor.fetchall)
        return self._sequence(self._rows)

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self.fetchone, None)

    def close(self) -> None:
        """Close the cursor."""
        self.closed = True
        if self._in_chunks and self._scope is not None:  # it may be all that kept the connection
            bridge.on_wait(self._scope.pause)
        if self._connection is self._wrapper.connection:
            self._connection.call_soon(self._cursor.close)

    def __getattr__(self, name: str) -> Any:
        return partial(self._send, name) if name in _WAITING else getattr(self._cursor, name)

    def _bind(self) -> None:
        self._connection = self._wrapper.connection
        self._cursor = self._make()

    def _send(self, name: str, *args: Any) -> Any:
        origin.note_statement(args[0] if args else name)
        if self._connection is not self._wrapper.connection:
            self._wrapper.reconnect(self._scope)
            self._bind()
        if self._in_chunks:
            self.closed = False
            self._connection.server_cursors.add(self)
        result = self._connection.call(self._call, getattr(self._cursor, name), args)
        return self if result is self._cursor else result

    def _call(self, method: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        self._rows = None
        result = method(*args)
        if not self._in_chunks:
            self._rows = iter(() if self._cursor.description is None else self._cursor.fetchall())
        return result
