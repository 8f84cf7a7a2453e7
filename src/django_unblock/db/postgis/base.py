"""The engine's ``DatabaseWrapper``: GeoDjango's own, over our PostgreSQL engine."""

from typing import Any

from django.contrib.gis.db.backends.postgis import base as stock
from django.db.backends.postgresql.base import DatabaseWrapper as Psycopg

from django_unblock import bridge
from django_unblock.db.postgresql import base as postgresql


class DatabaseWrapper(postgresql.DatabaseWrapper, stock.DatabaseWrapper):
    """GeoDjango's wrapper, borrowing from a psycopg pool."""

    def get_new_connection(self, params: dict[str, Any]) -> Any:
        """Connect; of use in plain synchronous code and beneath a loop."""
        if not bridge.inside():
            return super().get_new_connection(params)
        connection = Psycopg.get_new_connection.__wrapped__(self, params)  # type: ignore[attr-defined]  # its guard
        self.register_geometry_adapters(connection)
        return connection

    def begin_session(self) -> None:
        """Teach a newly borrowed connection the geometry types."""
        super().begin_session()
        self.register_geometry_adapters(self.connection)
