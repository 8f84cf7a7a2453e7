"""The engine's ``DatabaseWrapper``: Django's own, which on an event loop borrows its connection."""

import _thread
import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from types import ModuleType
from typing import Any, cast

import psycopg
from django.core.exceptions import ImproperlyConfigured, SynchronousOnlyOperation
from django.core.signals import setting_changed
from django.db.backends.postgresql import base as stock
from django.db.backends.signals import connection_created
from psycopg import IsolationLevel

from django_unblock import bridge, ownership
from django_unblock.db.postgresql import pool as pools
from django_unblock.db.postgresql.connection import Connection
from django_unblock.db.postgresql.cursors import rebinding
from django_unblock.scopes import Scope, scope_here, settings_changed

_Stock = stock.DatabaseWrapper

POOL_OPTIONS = frozenset(
    {
        "max_idle",
        "max_lifetime",
        "max_size",
        "max_waiting",
        "min_size",
        "name",
        "num_workers",
        "reconnect_timeout",
        "timeout",
    }
)
# What test tools and debug toolbars replace on a wrapper.
_REPLACEABLE = frozenset({"cursor", "chunked_cursor", "connect", "ensure_connection"})


def _bridged[**P, R](guarded: Callable[P, R]) -> Callable[P, R]:
    """A method that Django guards with ``async_unsafe``, let through inside the bridge."""
    unguarded = cast("Callable[P, R]", guarded.__wrapped__)  # type: ignore[attr-defined]

    @wraps(unguarded)
    def method(*args: P.args, **kwargs: P.kwargs) -> R:
        return unguarded(*args, **kwargs) if bridge.inside() else guarded(*args, **kwargs)

    return method


_GUARDED = {
    name: getattr(_Stock, name) for name in ("connect", "create_cursor", "ensure_connection")
}


def _let_through(name: str, method: Any) -> Callable[..., Any]:
    """The function of a bound method; inside the bridge without its ``async_unsafe`` guard.

    A test case may have put a function of its own in the method's place, to forbid queries. It is
    called first; what it calls is guarded all the same, and then called without the guard.
    """
    function: Callable[..., Any] | None = getattr(method, "__func__", None)
    if function is None:  # a mock, which is not bound
        return lambda _self, *args: method(*args)
    if not bridge.inside():
        return function
    unguarded = cast("Callable[..., Any]", _GUARDED[name].__wrapped__)
    if function is _GUARDED[name]:
        return unguarded

    def call(*args: Any) -> Any:
        with suppress(SynchronousOnlyOperation):
            return function(*args)
        return unguarded(*args)

    return call


def _driver() -> ModuleType:
    """psycopg, connecting with our class: the stock wrapper calls ``self.Database.connect``."""
    driver = ModuleType("psycopg")
    vars(driver).update(vars(psycopg), connect=Connection.connect)
    return driver


class DatabaseWrapper(_Stock):
    """Django's PostgreSQL wrapper.

    In plain synchronous code it is the stock wrapper on a connection of its own. With a scope (a
    task, a call in a worker thread) it borrows from the loop's pool: see `django_unblock.ownership`.

    Attributes:
        scope: who borrows; None in plain synchronous code.
    """

    Database = _driver()
    scope: Scope | None = None

    cursor = _bridged(_Stock.cursor)
    chunked_cursor = _bridged(_Stock.chunked_cursor)
    commit = _bridged(_Stock.commit)
    rollback = _bridged(_Stock.rollback)
    close = _bridged(_Stock.close)
    savepoint = _bridged(_Stock.savepoint)
    savepoint_rollback = _bridged(_Stock.savepoint_rollback)
    savepoint_commit = _bridged(_Stock.savepoint_commit)
    clean_savepoints = _bridged(_Stock.clean_savepoints)
    get_new_connection = _bridged(_Stock.get_new_connection)

    @property
    def atomic_blocks(self) -> ownership.Blocks:
        """The open ``atomic`` blocks, which Django's ``Atomic`` appends to and pops from."""
        return self._blocks

    @atomic_blocks.setter
    def atomic_blocks(self, blocks: list[Any]) -> None:
        self._blocks = ownership.Blocks(self, blocks)

    @property
    def pool(self) -> Any:
        """Django's own pool, for plain synchronous code."""
        return super().pool if self.scope is None else None

    def connect(self) -> None:
        """Connect; with a scope, borrow a connection."""
        if self.scope is None or self._is_in_foreign_thread():
            self.validate_thread_sharing()
            _let_through("connect", super().connect)(self)
            if isinstance(self.connection, Connection):
                self.connection.turn.alias = self.alias
            return
        self._reset_state()
        scope = self.scope
        self.connection = pools.borrow(scope.home, self.alias, self._recipe, scope.name)
        if self.connection.introduced != self.timezone_name:
            self._introduce(self.connection)
        if not self.settings_dict["AUTOCOMMIT"]:
            self.set_autocommit(False)

    def ensure_timezone(self) -> bool:
        """Set the session's time zone; a pooled connection has it set when it is next borrowed."""
        if self.scope is None:
            return super().ensure_timezone()
        connection: Any = self.connection
        configured: Any = connection is not None and self._configure_timezone(connection)  # type: ignore[attr-defined]  # django-stubs
        return bool(configured)

    def close_pool(self) -> None:
        """Close Django's own pool; with a scope, that of its loop."""
        if self.scope is None:
            super().close_pool()
        elif bridge.inside():
            self.give_back(final=True)
            bridge.suspend(pools.close(self.alias))

    def ensure_connection(self) -> None:
        """Connect or borrow if there is no connection, or if the borrowed one was lost."""
        borrowed = self.connection if self.scope is not None else None
        if borrowed is not None and borrowed.closed and self.autocommit:
            self.give_back()
        if self.connection is None:
            _let_through("ensure_connection", super().ensure_connection)(self)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a psycopg cursor; a named one keeps the borrowed connection until it is closed."""
        cursor = _let_through("create_cursor", super().create_cursor)(self, name)
        if self.scope is not None and self.connection.lent_by is not None:
            if name:
                self.connection.server_cursors.add(cursor)
            else:
                cursor.lend(self)
        return cursor

    def close_if_unusable_or_obsolete(self) -> None:
        """Close an old connection of plain synchronous code; others are the pool's, or lent."""
        if scope_here() is None:
            super().close_if_unusable_or_obsolete()

    def validate_thread_sharing(self) -> None:
        """Refuse another thread, unless it has its turn in this wrapper's transaction."""
        if self._thread_ident == _thread.get_ident():  # type: ignore[attr-defined]  # django-stubs
            return
        if not ownership.has_turn(self):
            super().validate_thread_sharing()

    def give_back(self, *, final: bool = False) -> None:
        """Give the borrowed connection back to its pool, if nothing keeps it.

        A transaction and a server-side cursor do; with ``final``, as the scope has ended, they don't,
        and the connection is closed instead.
        """
        connection = self.connection
        if connection is None:
            return
        kept = self.in_atomic_block or not self.autocommit or connection.is_engaged()
        if kept and not final:
            return
        self.connection = None
        if kept or connection.lent_by is None:
            connection.close()
        if connection.lent_by is not None:
            connection.lent_by.give_back(connection)

    def abandon_blocks(self, depth: int) -> None:
        """Mark for rollback the ``atomic`` blocks that an ended task left open."""
        while len(self.atomic_blocks) > depth:
            self.atomic_blocks.pop()
            self.needs_rollback = True
            if self.savepoint_ids:
                self.savepoint_ids.pop()

    def continue_log(self, parent: "DatabaseWrapper") -> None:
        """Log and wrap queries as the parent task's connection does."""
        self.queries_log = parent.queries_log
        self.force_debug_cursor = parent.force_debug_cursor
        self.execute_wrappers = list(parent.execute_wrappers)

    def recycle(self) -> bool:
        """Make ready for another scope; return False if others may still look at this one."""
        touched = self.queries_logged or self.execute_wrappers or _REPLACEABLE & vars(self).keys()
        if touched or self.connection is not None:
            return False
        self.scope = None
        self._reset_state()
        return True

    def _close(self) -> None:
        if self.scope is None:
            super()._close()  # type: ignore[misc]  # django-stubs lacks it
        else:
            self.give_back(final=True)

    def _is_in_foreign_thread(self) -> bool:
        """Whether it was passed to a thread that is no worker: that can't borrow for its scope."""
        ident: Any = self._thread_ident  # type: ignore[attr-defined]  # django-stubs
        return ident != _thread.get_ident() and scope_here() is not self.scope

    def _reset_state(self) -> None:
        self.autocommit = True
        self.in_atomic_block = False
        self.savepoint_ids = []
        self.atomic_blocks = []
        self.needs_rollback = False
        self.health_check_enabled = False
        self.close_at = None
        self.closed_in_transaction = False
        self.errors_occurred = False
        self.run_on_commit = []

    def _introduce(self, connection: Connection) -> None:
        """Make Django's session settings, once per physical connection."""
        try:
            self.check_settings()
            connection.isolation_level = self._configured_isolation_level()
            self.init_connection_state()
            connection_created.send(sender=self.__class__, connection=self)
        except asyncio.CancelledError:
            self.give_back(final=True)  # as it is: whoever borrows it next makes the settings
            raise
        except BaseException:
            connection.close()
            self.give_back(final=True)
            raise
        connection.introduced = self.timezone_name

    def _configured_isolation_level(self) -> IsolationLevel | None:
        value = self.settings_dict["OPTIONS"].get("isolation_level")
        try:
            self.isolation_level = IsolationLevel(value or IsolationLevel.READ_COMMITTED)
        except ValueError:
            raise ImproperlyConfigured(
                f"Invalid transaction isolation level {value} specified. "
                "Use one of the psycopg.IsolationLevel values."
            ) from None
        return self.isolation_level if value is not None else None

    def _recipe(self) -> pools.Recipe:
        options = self.settings_dict["OPTIONS"].get("pool")
        options = dict(options) if isinstance(options, dict) else {}
        if unknown := options.keys() - POOL_OPTIONS:
            raise ImproperlyConfigured(
                f"DATABASES[{self.alias!r}]['OPTIONS']['pool'] has options that "
                f"django_unblock's pool does not know: {', '.join(sorted(unknown))}."
            )
        connect = self.get_connection_params()
        return pools.Recipe(
            alias=self.alias,
            connect=connect,
            options=options,
            cursor_factory=rebinding(connect.pop("cursor_factory")),
            health_checks=self.settings_dict["CONN_HEALTH_CHECKS"],
        )


def _forget(*, setting: str, **_kwargs: Any) -> None:
    if setting in {"DATABASES", "TIME_ZONE", "USE_TZ"}:
        settings_changed()


setting_changed.connect(_forget)
