"""The engine's ``DatabaseWrapper``: Django's own, which on an event loop borrows its connection."""

from types import ModuleType
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base as stock
from psycopg import IsolationLevel

from django_unblock.db.borrowing import Borrowing
from django_unblock.db.postgresql.connection import Connection
from django_unblock.db.postgresql.cursors import rebinding
from django_unblock.db.postgresql.pool import Pool, Recipe

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


def _driver() -> ModuleType:
    """psycopg, connecting with our class: the stock wrapper calls ``self.Database.connect``."""
    driver = ModuleType("psycopg")
    vars(driver).update(vars(psycopg), connect=Connection.connect)
    return driver


class DatabaseWrapper(Borrowing, _Stock):
    """Django's PostgreSQL wrapper, borrowing from a psycopg pool."""

    Database = _driver()
    pool_options = POOL_OPTIONS

    @property
    def pool(self) -> Any:
        """Django's own pool, for plain synchronous code; with a scope there is none."""
        if self.scope is not None:
            return None
        options = self.settings_dict["OPTIONS"].get("pool")
        if isinstance(options, dict) and "max_size" in options:
            options.setdefault("min_size", 0)  # psycopg_pool's 4 may be more than max_size
        return super().pool

    def ensure_timezone(self) -> bool:
        """Set the session's time zone; a pooled connection has it set when it is next borrowed."""
        if self.scope is None:
            return super().ensure_timezone()
        connection: Any = self.connection
        configured: Any = connection is not None and self._configure_timezone(connection)  # type: ignore[attr-defined]  # django-stubs
        return bool(configured)

    def make_pool(self) -> Pool:
        """Return a new pool for the running loop."""
        connect = self.get_connection_params()
        recipe = Recipe(
            alias=self.alias,
            connect=connect,
            options=self._pool_options(),
            cursor_factory=rebinding(connect.pop("cursor_factory")),
            health_checks=self.settings_dict["CONN_HEALTH_CHECKS"],
        )
        return Pool(recipe)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a psycopg cursor; a named one keeps the borrowed connection until it is closed."""
        cursor = super().create_cursor(name)
        if self.scope is not None and self.connection.lent_by is not None:
            if name:
                self.connection.server_cursors.add(cursor)
            else:
                cursor.lend(self)
        return cursor

    def begin_session(self) -> None:
        """Give a newly borrowed connection its isolation level."""
        value = self.settings_dict["OPTIONS"].get("isolation_level")
        try:
            self.isolation_level = IsolationLevel(value or IsolationLevel.READ_COMMITTED)
        except ValueError:
            raise ImproperlyConfigured(
                f"Invalid transaction isolation level {value} specified. "
                "Use one of the psycopg.IsolationLevel values."
            ) from None
        self.connection.isolation_level = self.isolation_level if value is not None else None
