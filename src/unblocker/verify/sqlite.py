"""The end state of an SQLite database: its rows read again after a write, put right by copying the whole file."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Self

from unblocker.errors import UnblockError
from unblocker.verify.databases import DatabaseFile
from unblocker.verify.tables import Rows, State, Table

_TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
"""
_COUNTERS = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'"
BUSY_SECONDS = 30.0


class SqliteInspector:
    """See `tables.Inspector`; `last_write` tells of this file only."""

    sees_server = False

    def __init__(self, database: DatabaseFile) -> None:
        self.alias = database.alias
        self._connection = _open(database)
        self.tables = tuple(
            Table("main", name, tuple(self._columns(name)))
            for (name,) in self._connection.execute(_TABLES).fetchall()
        )
        self._has_counters = bool(self._connection.execute(_COUNTERS).fetchone()[0])
        self._rows_at = ""
        self._rows: dict[Table, Counter[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def last_write(self) -> str:
        """A mark that changes whenever another connection wrote to the file."""
        return str(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def state(self) -> State:
        """What the database holds now."""
        if self._rows_at != (mark := self.last_write()):
            self._rows = {table: Counter(self._read(table)) for table in self.tables}
            self._rows_at = mark
        counters = "SELECT name, seq FROM sqlite_sequence"
        return State(
            tables={table: (rows.total(), _digest(rows)) for table, rows in self._rows.items()},
            sequences=dict(self._connection.execute(counters)) if self._has_counters else {},
        )

    def differing_rows(self, other: "SqliteInspector", table: Table, limit: int) -> Rows:
        """Up to `limit` rows on each side that the other side does not hold."""
        mine, theirs = self._rows[table], other._rows[table]
        return Rows(
            tuple(sorted((mine - theirs).elements())[:limit]),
            tuple(sorted((theirs - mine).elements())[:limit]),
        )

    def align(
        self, model: "SqliteInspector", _tables: tuple[Table, ...], _sequences: dict[str, int]
    ) -> None:
        """Make the whole database hold what `model` holds."""
        model._connection.backup(self._connection)
        self._rows_at = ""

    def disconnect_others(self) -> None:
        """Nothing: the locks of a process that was killed are gone with it."""

    def _columns(self, name: str) -> Iterator[str]:
        query = "SELECT name FROM pragma_table_info(?)"
        yield from (column for (column,) in self._connection.execute(query, (name,)).fetchall())

    def _read(self, table: Table) -> Iterator[str]:
        """Its rows as JSON."""
        name = table.name.replace('"', '""')
        for row in self._connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # quoted
            yield json.dumps(dict(zip(table.columns, row, strict=True)), default=repr)


def copy_database(template: DatabaseFile, clone: DatabaseFile) -> None:
    """Make the clone's file.

    Raises:
        UnblockError: the template can't be read, or the clone not be written (U053).
    """
    try:
        with closing(_open(template)) as model, closing(sqlite3.connect(clone.path)) as copy:
            model.backup(copy)
    except sqlite3.Error as error:
        raise UnblockError(
            "U053",
            f"the database {template.path} (alias {template.alias!r}) cannot be cloned: {error}",
            hint="It must be a file, which the commands of `prepare` make and fill.",
        ) from None


def _open(database: DatabaseFile) -> sqlite3.Connection:
    """A connection to a file that is there; it is not made."""
    address = f"{database.path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _digest(rows: Counter[str]) -> str:
    return str(sum(hash(row) * times for row, times in rows.items()))
