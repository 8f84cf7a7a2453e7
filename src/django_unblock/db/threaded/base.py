"""The ``DatabaseWrapper`` of the engines whose drivers block."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from django_unblock import bridge
from django_unblock.db.borrowing import Borrowing
from django_unblock.db.threaded.cursor import Cursor
from django_unblock.db.threaded.pool import Pool
from django_unblock.scopes import scope_here


def _in_thread(name: str) -> Callable[..., Any]:
    """The stock wrapper's method, in its connection's thread; a cancellation waits for its end."""

    def method(self: Any, *args: Any) -> Any:
        if self.connection is None:
            return None
        with self.connection.to_completion():
            return self.connection.call(getattr(super(InThreads, self), name), *args)

    method.__name__ = name
    return method


class InThreads(Borrowing):
    """Put before one of Django's wrappers whose driver blocks.

    Attributes:
        max_size: how many connections a loop has at most, unless ``OPTIONS["pool"]`` says it.
    """

    Database: Any
    pool_options = frozenset({"max_idle", "max_size", "timeout"})
    max_size = 40

    _commit = _in_thread("_commit")
    _rollback = _in_thread("_rollback")
    _set_autocommit = _in_thread("_set_autocommit")
    is_usable = _in_thread("is_usable")

    def connect(self) -> None:
        """Connect; with a scope, borrow a connection."""
        if self.scope is not None:
            self.get_connection_params()  # the stock wrapper keeps some of the options
        super().connect()

    def get_connection_params(self) -> dict[str, Any]:
        """Return what the driver connects with."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop("pool", None)
        return params

    def get_new_connection(self, params: dict[str, Any]) -> Any:
        """Connect; inside the bridge in a thread."""
        if bridge.inside():
            return bridge.suspend(asyncio.to_thread(self.open, params))
        return self.open(params)

    def open(self, params: dict[str, Any]) -> Any:
        """Connect, blocking."""
        return super().get_new_connection(params)

    def make_pool(self) -> Pool:
        """Return a new pool for the running loop."""
        options = {"max_size": self.max_size, **self._pool_options()}
        connect = partial(self.open, self.get_connection_params())
        return Pool(self.alias, connect, self.Database.OperationalError, **options)

    def begin_session(self) -> None:
        """Have the driver commit by itself, as the stock wrapper does when it connects."""
        self._set_autocommit(True)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that does not block; a named one reads in chunks."""
        make = super().create_cursor
        return make() if scope_here() is None else Cursor(self, make, in_chunks=name is not None)
