"""Queries, through Django's own instrumentation: an `execute_wrapper` on every connection.

https://docs.djangoproject.com/en/stable/topics/db/instrumentation/
"""

import functools
from types import ModuleType
from typing import Any

from . import journal
from .current import Operation
from .sql import described


def watch(utils: ModuleType) -> None:
    """Give each connection the wrapper when Django makes it, in whatever thread or task."""
    create = utils.ConnectionHandler.create_connection

    @functools.wraps(create)
    def created(self: Any, alias: str) -> Any:
        connection = create(self, alias)
        connection.execute_wrappers.append(timed)
        return connection

    utils.ConnectionHandler.create_connection = created


def timed(
    execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:  # Django's
    """The execute wrapper."""
    with Operation(lambda: _described(sql, context["connection"])):
        return execute(sql, params, many, context)


def _described(sql: Any, connection: Any) -> str:
    kind, label, tables = described(_text(sql, connection), connection.vendor)
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    return journal.members(
        kind=kind, label=label, db=connection.alias, tables=tables, stand_in=in_memory
    )


def _text(sql: Any, connection: Any) -> str:
    if isinstance(sql, str):
        return sql
    if isinstance(sql, bytes):
        return sql.decode()
    return str(sql.as_string(connection.connection))  # psycopg's composed SQL
