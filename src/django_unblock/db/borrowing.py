"""What the engines' ``DatabaseWrapper`` classes have in common: they borrow their connections."""

import _thread
import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured, SynchronousOnlyOperation
from django.core.signals import setting_changed
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from django_unblock import bridge, ownership
from django_unblock.db import pools
from django_unblock.db.lending import Lendable
from django_unblock.errors import OwnershipError
from django_unblock.scopes import Scope, scope_here, settings_changed

# What test tools and debug toolbars replace on a wrapper.
_REPLACEABLE = frozenset({"cursor", "chunked_cursor", "connect", "ensure_connection"})
_GUARDED = (
    "chunked_cursor",
    "clean_savepoints",
    "close",
    "commit",
    "connect",
    "create_cursor",
    "cursor",
    "ensure_connection",
    "get_new_connection",
    "rollback",
    "savepoint",
    "savepoint_commit",
    "savepoint_rollback",
)


def _bridged(name: str) -> Callable[..., Any]:
    """A method that Django guards with ``async_unsafe``, let through inside the bridge."""

    def method(self: "Borrowing", *args: Any, **kwargs: Any) -> Any:
        return self._stock(name)(self, *args, **kwargs)

    method.__name__ = name
    return method


class Borrowing(BaseDatabaseWrapper):
    """Put before one of Django's wrappers: with a scope, its connection is borrowed.

    In plain synchronous code it is the stock wrapper on a connection of its own. With a scope (a
    task, a call in a worker thread) it borrows from the loop's pool: see `django_unblock.ownership`.

    Attributes:
        scope: who borrows; None in plain synchronous code.
        pool_options: what ``OPTIONS["pool"]`` may have.
        doubts_after_errors: an error may have cost the connection, and the driver does not tell.
        is_single: the database has one connection, that of the code beneath the loop.
    """

    scope: Scope | None = None
    doubts_after_errors = False
    is_single = False
    pool_options: frozenset[str]
    _guarded: dict[str, Callable[..., Any]]
    _mocked: frozenset[str] = frozenset()

    cursor = _bridged("cursor")
    chunked_cursor = _bridged("chunked_cursor")
    commit = _bridged("commit")
    rollback = _bridged("rollback")
    close = _bridged("close")
    savepoint = _bridged("savepoint")
    savepoint_rollback = _bridged("savepoint_rollback")
    savepoint_commit = _bridged("savepoint_commit")
    clean_savepoints = _bridged("clean_savepoints")
    get_new_connection = _bridged("get_new_connection")

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._guarded = {name: getattr(super(Borrowing, cls), name) for name in _GUARDED}

    @property
    def atomic_blocks(self) -> ownership.Blocks:
        """The open ``atomic`` blocks, which Django's ``Atomic`` appends to and pops from."""
        return self._blocks

    @atomic_blocks.setter
    def atomic_blocks(self, blocks: list[Any]) -> None:
        self._blocks = ownership.Blocks(self, blocks)

    def connect(self) -> None:
        """Connect; with a scope, borrow a connection."""
        if self.scope is None or self._is_in_foreign_thread():
            self.validate_thread_sharing()
            self._let_through("connect", super().connect)(self)
            if isinstance(self.connection, Lendable):
                self.connection.turn.alias = self.alias
            return
        self._reset_state()
        scope = self.scope
        self.connection = pools.borrow(scope.home, self.alias, self._configured_pool, scope.name)
        if self.connection.introduced != self.timezone_name:
            self._introduce(self.connection)
        if not self.settings_dict["AUTOCOMMIT"]:
            self.set_autocommit(False)

    def make_pool(self) -> pools.Pool:
        """Return a new pool for the running loop."""
        raise NotImplementedError

    def begin_session(self) -> None:
        """Make a physical connection, just borrowed for the first time, what Django expects."""
        raise NotImplementedError

    def close_pool(self) -> None:
        """Close Django's own pool; with a scope, that of its loop."""
        if self.scope is None:
            super().close_pool()  # type: ignore[misc]  # django-stubs lacks it
        elif bridge.inside():
            self.give_back(final=True)
            bridge.suspend(pools.close(self.alias))

    def ensure_connection(self) -> None:
        """Connect or borrow if there is no connection, or if the borrowed one was lost."""
        borrowed = self.connection if self.scope is not None else None
        if borrowed is not None and borrowed.gone and self.autocommit:
            self.give_back()
        if self.connection is None:
            self._let_through("ensure_connection", super().ensure_connection)(self)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return the stock wrapper's cursor."""
        return self._let_through("create_cursor", super().create_cursor)(self, name)

    def reconnect(self, scope: Scope | None) -> None:
        """Have a connection again for a cursor that was made for the scope.

        Raises:
            OwnershipError: the scope has ended (R202).
        """
        if self.scope is not scope:
            raise OwnershipError(
                "R202",
                "a cursor was used after the end of the task that opened it. Open another.",
            )
        self.ensure_connection()

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
        doubtful = self.errors_occurred and self.doubts_after_errors
        if kept or doubtful or connection.lent_by is None:
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

    def continue_log(self, parent: "Borrowing") -> None:
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

    def _stock(self, name: str) -> Callable[..., Any]:
        """Django's method of that name; inside the bridge without its ``async_unsafe`` guard."""
        guarded = self._guarded[name]
        return getattr(guarded, "__wrapped__", guarded) if bridge.inside() else guarded

    def _let_through(self, name: str, method: Any) -> Callable[..., Any]:
        """The function of a bound method; inside the bridge without its ``async_unsafe`` guard.

        A test case may have put a function of its own in the method's place, to forbid queries. It
        is called first; what it calls is guarded all the same, and then called without the guard.
        """
        function: Callable[..., Any] | None = getattr(method, "__func__", None)
        if function is None:
            return partial(self._call_mock, name, method)
        if function is self._guarded[name]:
            return self._stock(name)
        if not bridge.inside():
            return function

        def call(*args: Any) -> Any:
            with suppress(SynchronousOnlyOperation):
                return function(*args)
            return self._stock(name)(*args)

        return call

    def _call_mock(self, name: str, mock: Any, *args: Any) -> Any:
        """Call what a test has put in the method's place; its side effect may call the method."""
        if name in self._mocked:
            return self._stock(name)(*args)
        before, self._mocked = self._mocked, self._mocked | {name}
        try:
            return mock(*args[1:])
        finally:
            self._mocked = before

    def _configured_pool(self) -> pools.Pool:
        try:
            return self.make_pool()
        except (TypeError, ValueError) as error:
            raise ImproperlyConfigured(
                f"DATABASES[{self.alias!r}]['OPTIONS']['pool']: {error}"
            ) from error

    def _pool_options(self) -> dict[str, Any]:
        options = self.settings_dict["OPTIONS"].get("pool")
        options = dict(options) if isinstance(options, dict) else {}
        if unknown := options.keys() - self.pool_options:
            raise ImproperlyConfigured(
                f"R502: DATABASES[{self.alias!r}]['OPTIONS']['pool'] has options that "
                f"django_unblock's pool does not know: {', '.join(sorted(unknown))}."
            )
        return options

    def _close(self) -> None:
        if self.scope is None:
            super()._close()  # type: ignore[misc]  # django-stubs lacks it
        else:
            self.connection.introduced = None  # to whoever borrows it next it is a new one
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

    def _introduce(self, connection: Any) -> None:
        """Make Django's session settings, once per physical connection."""
        try:
            self.check_settings()
            self.begin_session()
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


def _forget(*, setting: str, **_kwargs: Any) -> None:
    if setting in {"DATABASES", "TIME_ZONE", "USE_TZ"}:
        settings_changed()


setting_changed.connect(_forget)
