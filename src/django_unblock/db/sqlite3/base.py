"""The engine's ``DatabaseWrapper``: Django's own, each of whose connections has a thread."""

import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3 import base as stock

from django_unblock import bridge
from django_unblock.db.threaded.base import InThreads
from django_unblock.db.threaded.connection import Threaded


class Connection(Threaded, sqlite3.Connection):
    """A connection whose calls can be made in a thread."""

    def is_fit(self) -> bool:
        """Return whether no transaction was left open."""
        return not (self.gone or self.in_transaction)


class DatabaseWrapper(InThreads, stock.DatabaseWrapper):
    """Django's SQLite wrapper, borrowing from a pool.

    An in-memory database has one connection, that of the plain synchronous code in the loop's
    thread; everything on the loop uses it in turn.
    """

    max_size = 8

    @property
    def is_single(self) -> bool:  # type: ignore[override]  # a class attribute elsewhere
        """Whether the database is in memory: another connection may see another one."""
        return self.is_in_memory_db()

    def get_connection_params(self) -> dict[str, Any]:
        """Return what `sqlite3.connect` is called with."""
        return {**super().get_connection_params(), "factory": Connection}

    def chunked_cursor(self) -> Any:
        """Return a cursor that does not read all rows at once."""
        return self._cursor("chunked")  # type: ignore[attr-defined]  # django-stubs

    def _start_transaction_under_autocommit(self) -> None:
        with self.connection.to_completion():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # django-stubs

    def close(self) -> None:
        """Close the connection, but never that of an in-memory database, which would be lost."""
        if self.is_in_memory_db():
            self.validate_thread_sharing()
        elif bridge.inside():
            BaseDatabaseWrapper.close.__wrapped__(self)  # type: ignore[attr-defined]  # its guard
        else:
            super().close()
