"""Cursors that outlast the loan of their connection.

A client-side cursor has no state on the server. When the connection under it was given back to the
pool meanwhile, its next statement goes to the one that its wrapper borrows then.
"""

from functools import cache
from typing import Any

import psycopg

from django_unblock import origin


class _Rebinding:
    """Mixed into a psycopg cursor class.

    Attributes:
        wrapper: the ``DatabaseWrapper`` that made the cursor, if it borrows its connection.
        scope: who borrowed through the wrapper then.
    """

    wrapper: Any = None
    scope: Any = None
    _conn: Any
    _pgconn: Any

    def lend(self, wrapper: Any) -> None:
        """Bind the cursor to a wrapper that borrows."""
        self.wrapper, self.scope = wrapper, wrapper.scope

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        origin.note_statement(query)
        self._rebind()
        return super().execute(query, *args, **kwargs)  # type: ignore[misc]  # the cursor's

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        origin.note_change()
        self._rebind()
        return super().executemany(*args, **kwargs)  # type: ignore[misc]

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        self._rebind()
        return super().stream(*args, **kwargs)  # type: ignore[misc]

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        origin.note_change()
        self._rebind()
        return super().copy(*args, **kwargs)  # type: ignore[misc]

    def _rebind(self) -> None:
        if self.wrapper is None or self._conn is self.wrapper.connection:
            return
        self.wrapper.reconnect(self.scope)
        self._conn = self.wrapper.connection
        self._pgconn = self._conn.pgconn


@cache
def rebinding(cursor_class: type[psycopg.Cursor[Any]]) -> type[psycopg.Cursor[Any]]:
    """Return the class with `_Rebinding` mixed in."""
    return type(
        cursor_class.__name__, (_Rebinding, cursor_class), {"__doc__": cursor_class.__doc__}
    )
