"""psycopg's synchronous connection, whose waiting the event loop does while inside the bridge.

psycopg's connections do all their work in generators that yield when they need the socket to be
readable or writable, and give them to `Connection.wait`: see
https://www.psycopg.org/psycopg3/docs/advanced/async.html and psycopg's waiting.py. So replacing
`wait` makes cursors, server-side cursors, COPY and pipelines asynchronous with no other change.
"""

import asyncio
import logging
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, Self, cast

import psycopg
from psycopg import waiting
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import RowFactory, tuple_row

from django_unblock import bridge
from django_unblock.db.lending import Lendable
from django_unblock.db.postgresql.exchange import Exchange
from django_unblock.db.postgresql.socket import Socket
from django_unblock.errors import BridgeError

logger = logging.getLogger("django_unblock")

CANCEL_SECONDS = 5.0
# The server forgets a request to cancel that comes before the statement: then it is made again.
CANCEL_AGAIN_SECONDS = (0.1, 0.4, 1.5, 3.0)
_ROWS = cast("RowFactory[Any]", tuple_row)


class Connection(Lendable, psycopg.Connection[Any]):
    """A psycopg connection; in plain synchronous code it waits as any other does.

    Attributes:
        pooled: the asynchronous connection that the pool keeps it as.
        listens: notifications may come in on it, which are for who has it now and no one else.
    """

    pooled: Any = None
    listens = False

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[Any] = _ROWS) -> None:
        super().__init__(pgconn, row_factory)
        self.lock = self.turn  # type: ignore[assignment]  # has what psycopg uses of it
        self._socket: Socket | None = None

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Connect; inside the bridge without blocking the loop."""
        if not bridge.inside():
            return super().connect(conninfo, **kwargs)
        cursor_factory = kwargs.pop("cursor_factory", None)
        made = bridge.suspend(psycopg.AsyncConnection.connect(conninfo, **kwargs))
        made._pool = None  # its PGconn goes on in the connection returned
        return cls.over(made, cursor_factory)

    @classmethod
    def over(
        cls,
        made: psycopg.AsyncConnection[Any],
        cursor_factory: type[psycopg.Cursor[Any]] | None = None,
    ) -> Self:
        """Return a synchronous connection over what an asynchronous one has connected to."""
        self = cls(made.pgconn)
        self._autocommit = made.autocommit
        self._adapters = made.adapters
        self.prepare_threshold = made.prepare_threshold
        if cursor_factory is not None:
            self.cursor_factory = cursor_factory
        return self

    @property
    def gone(self) -> bool:  # type: ignore[override]  # an attribute elsewhere
        """Whether it is closed."""
        return self.closed

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Consume a generator of psycopg's, sending it the readiness that it yields for."""
        if not bridge.inside():
            return super().wait(gen, interval, timeout)
        if timeout is not None:
            return bridge.suspend(waiting.wait_async(gen, self.fileno(), interval, timeout))
        exchange = Exchange(self._watched(), gen)
        try:
            return exchange.run()
        except asyncio.CancelledError as cancelled:
            if self._must_complete():
                return self._complete(exchange, cancelled)
            self._cancel(exchange)
            raise
        except (GeneratorExit, KeyboardInterrupt, BridgeError):
            self._discard_if_active()
            raise

    def notifies(self, **options: Any) -> Generator[psycopg.Notify]:
        """Yield notifications as psycopg's does; given back, the connection is closed."""
        self.listens = True
        return super().notifies(**options)

    def add_notify_handler(self, callback: Callable[[psycopg.Notify], None]) -> None:
        """Have notifications handled as psycopg's does; given back, the connection is closed."""
        self.listens = True
        super().add_notify_handler(callback)

    def commit(self) -> None:
        """Commit; a cancellation meanwhile waits until the outcome is known."""
        with self.to_completion():
            super().commit()

    def rollback(self) -> None:
        """Roll back; a cancellation meanwhile waits until that is done."""
        with self.to_completion():
            super().rollback()

    def is_quiet(self) -> bool:
        """Return whether an idle connection looks fit for use.

        Its socket has something to read only if the server has closed it, or said something of
        its own accord.
        """
        return not self.closed and not self._watched().is_readable()

    def is_engaged(self) -> bool:
        """Return whether something that reads from this connection is still open."""
        return self._pipeline is not None or super().is_engaged()

    def _watched(self) -> Socket:
        """The socket, watched by the running loop."""
        loop = asyncio.get_running_loop()
        if self._socket is None or self._socket.loop is not loop:
            self._socket = Socket(self.fileno(), loop)
        return self._socket

    def _complete(self, exchange: Exchange, cancelled: asyncio.CancelledError) -> Any:
        """Finish the exchange before the cancellation takes effect."""
        while True:
            try:
                result = exchange.run()
                break
            except asyncio.CancelledError:
                continue
        self._cancelled(cancelled)
        return result

    def _cancel(self, exchange: Exchange) -> None:
        """Cancel the running statement on the server; where that fails, drop the connection."""
        if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
            return
        try:
            self._ask_to_cancel(exchange)
        except psycopg.errors.QueryCanceled:
            pass
        except BaseException as error:  # noqa: BLE001 - the caller raises the cancellation
            logger.warning("Could not cancel a query, closing its connection: %r", error)
            self._discard()
        self._discard_if_active()

    def _ask_to_cancel(self, exchange: Exchange) -> None:
        for seconds in CANCEL_AGAIN_SECONDS:
            bridge.suspend(asyncio.to_thread(self.cancel_safe, timeout=CANCEL_SECONDS))
            with suppress(TimeoutError):
                exchange.run(seconds)
                return
        raise TimeoutError("the server goes on with it")

    def _discard_if_active(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
            self._discard()

    def _discard(self) -> None:
        self.pgconn.finish()
        if self._socket is not None:
            self._socket.forget()
            self._socket = None
