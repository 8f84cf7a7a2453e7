"""psycopg's synchronous connection, whose waiting the event loop does while inside the bridge.

psycopg's connections do all their work in generators that yield when they need the socket to be
readable or writable, and give them to `Connection.wait`: see
https://www.psycopg.org/psycopg3/docs/advanced/async.html and psycopg's waiting.py. So replacing
`wait` makes cursors, server-side cursors, COPY and pipelines asynchronous with no other change.
"""

import asyncio
import logging
import select
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, cast

import psycopg
from psycopg import waiting
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import RowFactory, tuple_row

from django_unblock import bridge, ownership
from django_unblock.db.borrowing import Turn
from django_unblock.db.postgresql.exchange import Exchange
from django_unblock.errors import BridgeError

if TYPE_CHECKING:
    from django_unblock.db.postgresql.pool import Pool

logger = logging.getLogger("django_unblock")

CANCEL_SECONDS = 5.0
_ROWS = cast("RowFactory[Any]", tuple_row)


class Connection(psycopg.Connection[Any]):
    """A psycopg connection; in plain synchronous code it waits as any other does.

    Attributes:
        server_cursors: the server-side cursors that may not be closed yet.
        introduced: Django's session settings as they were made on it; None before.
        lent_by: the pool it belongs to, if any.
        pooled: the asynchronous connection that the pool keeps it as.
    """

    lent_by: "Pool | None" = None
    pooled: Any = None

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[Any] = _ROWS) -> None:
        super().__init__(pgconn, row_factory)
        self.lock = self.turn = Turn()  # type: ignore[assignment]  # has what psycopg uses of it
        self.server_cursors: weakref.WeakSet[psycopg.Cursor[Any]] = weakref.WeakSet()
        self.introduced: object = None
        self._completing = False
        self._poll: select.poll | None = None

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

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Consume a generator of psycopg's, sending it the readiness that it yields for."""
        if not bridge.inside():
            return super().wait(gen, interval, timeout)
        if timeout is not None:
            return bridge.suspend(waiting.wait_async(gen, self.fileno(), interval, timeout))
        exchange = Exchange(self.fileno(), gen)
        try:
            return exchange.run()
        except asyncio.CancelledError as cancelled:
            if self._completing or self._is_shared():
                return self._complete(exchange, cancelled)
            self._cancel(exchange)
            raise
        except (GeneratorExit, KeyboardInterrupt, BridgeError):
            self._discard_if_active()
            raise

    def commit(self) -> None:
        """Commit; a cancellation meanwhile waits until the outcome is known."""
        with self._to_completion():
            super().commit()

    def rollback(self) -> None:
        """Roll back; a cancellation meanwhile waits until that is done."""
        with self._to_completion():
            super().rollback()

    def is_quiet(self) -> bool:
        """Return whether an idle connection looks fit for use.

        Its socket has something to read only if the server has closed it, or said something of
        its own accord.
        """
        if self.closed:
            return False
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self.fileno(), select.POLLIN)
        return not self._poll.poll(0)

    def is_engaged(self) -> bool:
        """Return whether something that reads from this connection is still open."""
        if self.turn.is_busy() or self._pipeline is not None:  # stream(), notifies(), pipeline()
            return True
        return bool(self.server_cursors) and any(not one.closed for one in self.server_cursors)

    @contextmanager
    def _to_completion(self) -> Iterator[None]:
        self._completing = True
        try:
            yield
        finally:
            self._completing = False

    def _is_shared(self) -> bool:
        return self.turn.alias is not None and ownership.shares(self.turn.alias)

    def _complete(self, exchange: Exchange, cancelled: asyncio.CancelledError) -> Any:
        """Finish the exchange before the cancellation takes effect."""
        while True:
            try:
                result = exchange.run()
                break
            except asyncio.CancelledError:
                continue
        if not self._completing:
            raise cancelled
        task = asyncio.current_task()
        if task is not None:  # deliver it where the task waits next, after the commit hooks
            task.uncancel()
            task.cancel(*cancelled.args)
        return result

    def _cancel(self, exchange: Exchange) -> None:
        """Cancel the running statement on the server; where that fails, drop the connection."""
        if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
            return
        try:
            bridge.suspend(asyncio.to_thread(self.cancel_safe, timeout=CANCEL_SECONDS))
            exchange.run(CANCEL_SECONDS)
        except psycopg.errors.QueryCanceled:
            pass
        except BaseException as error:  # noqa: BLE001 - the caller raises the cancellation
            logger.warning("Could not cancel a query, closing its connection: %r", error)
            self.pgconn.finish()
        self._discard_if_active()

    def _discard_if_active(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
            self.pgconn.finish()
