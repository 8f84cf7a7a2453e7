"""The engine's ``DatabaseWrapper``: Django's own, each of whose connections has a thread."""

import select
from importlib import import_module
from typing import Any

from django.db.backends.mysql import base as stock

from django_unblock.db.threaded.base import InThreads
from django_unblock.db.threaded.connection import Threaded

_Driver: Any = import_module("MySQLdb.connections").Connection


class Connection(Threaded, _Driver):  # type: ignore[misc]  # mysqlclient has no types
    """A connection whose calls can be made in a thread."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self._parameters = parameters
        self._id = self.thread_id()  # it can't be asked while it works

    def is_fit(self) -> bool:
        """Return whether no transaction was left open, and the server has not hung up."""
        if self.gone or not self.get_autocommit():
            return False
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return not poll.poll(0)

    def interrupt(self) -> None:
        """End the running statement, through a connection of its own."""
        other = _Driver(**self._parameters)
        try:
            other.query(f"KILL QUERY {self._id}")
        finally:
            other.close()


class DatabaseWrapper(InThreads, stock.DatabaseWrapper):
    """Django's MySQL wrapper, borrowing from a pool."""

    doubts_after_errors = True

    def open(self, params: dict[str, Any]) -> Connection:
        """Connect, blocking."""
        return Connection(**params)

    def init_connection_state(self) -> None:
        """Make the session's settings, which no pooled connection counts among its queries."""
        if self.scope is None:
            super().init_connection_state()
            return
        kept = self.force_debug_cursor, self.execute_wrappers
        self.force_debug_cursor, self.execute_wrappers = False, []
        try:
            super().init_connection_state()
        finally:
            self.force_debug_cursor, self.execute_wrappers = kept
