"""The end state of every table and sequence of a database, told in one round trip; rows that differ; putting right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import psycopg
from psycopg import sql

from unblocker.verify.databases import Database

_TABLES = """
    SELECT n.nspname, c.relname,
        array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
    GROUP BY n.nspname, c.relname ORDER BY 1, 2
"""
_SEQUENCES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), coalesce(last_value, 0) FROM pg_sequences
"""
# Whatever was committed since then changes one of these: a new version of a row has the number of its transaction.
_WRITTEN = """
    SELECT {label}::int, count(*), count(*) FILTER (WHERE age(xmin) <= age({since}::text::xid)) FROM {table}
"""
_SINCE = "SELECT -1, pg_snapshot_xmin(pg_current_snapshot())::xid::text::bigint, 0"
# A row as text is the same in every clone: same columns, same order. Sums do not depend on the order of rows.
_DIGEST = "SELECT {label}, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} t"
_PLACES = "SELECT hashtextextended(t::text, 0), ctid FROM {} t"
_LAST_WRITE = "SELECT pg_current_snapshot()::text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the columns that can be written."""

    schema: str
    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> sql.Identifier:
        """Its name for a statement."""
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class State:
    """What a database holds: per table the number of rows and a digest, per sequence its last value."""

    tables: dict[Table, tuple[int, str]]
    sequences: dict[str, int]

    def differing_tables(self, other: "State") -> tuple[Table, ...]:
        """The tables that do not hold the same rows."""
        return tuple(
            table for table, digest in self.tables.items() if other.tables[table] != digest
        )

    def differing_sequences(self, other: "State") -> tuple[str, ...]:
        """The sequences that are not at the same value."""
        names = sorted(self.sequences.keys() | other.sequences.keys())
        return tuple(
            name for name in names if self.sequences.get(name) != other.sequences.get(name)
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that one of two databases holds and the other does not, each as JSON text."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(slots=True)
class _Remembered:
    """What a table held when it was read; `places` are looked for when they are needed."""

    digest: tuple[int, str]
    places: "Places | None" = None


type Places = dict[int, list[str]]
"""Where the rows of a table are, by their hashes: those that are alike have the same."""


class Inspector:
    """Looks at one clone, and writes to it only to put it in line with another.

    It reads only those tables whole that have been written to since it read them.
    """

    def __init__(self, database: Database) -> None:
        self.alias = database.alias
        self._connection = psycopg.connect(database.conninfo(), autocommit=True)
        self.tables = tuple(
            Table(schema, name, tuple(columns))
            for schema, name, columns in self._connection.execute(_TABLES)
        )
        self._remembered: dict[Table, _Remembered] = {}
        self._looking = _together((sql.SQL(_SINCE), *_of_each(_WRITTEN, self.tables))).as_string()
        self._since = "3"  # the first number that a transaction can have

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def last_write(self) -> str:
        """A mark that changes whenever a transaction that wrote ends on this server, in whichever database."""
        return str(self._connection.execute(_LAST_WRITE).fetchall()[0][0])

    def state(self) -> State:
        """What the database holds now."""
        self._look_again()
        return State(
            tables={table: self._remembered[table].digest for table in self.tables},
            sequences=dict(self._connection.execute(_SEQUENCES).fetchall()),
        )

    def differing_rows(self, other: "Inspector", table: Table, limit: int) -> Rows:
        """Up to `limit` rows on each side that the other side does not hold."""
        mine, theirs = self._counts(table), other._counts(table)
        return Rows(
            self._rows(table, list(mine - theirs)[:limit]),
            other._rows(table, list(theirs - mine)[:limit]),
        )

    def align(
        self, model: "Inspector", tables: tuple[Table, ...], sequences: dict[str, int]
    ) -> None:
        """Make the tables hold what they hold in `model`, and the sequences go on from the values given.

        Both have been asked for their `state` since anything was written.
        """
        with self._connection.transaction():
            # Neither triggers nor foreign keys: the rows are right as they are in the model.
            self._connection.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                self._copy_rows(model, table)
            for name, value in sequences.items():
                self._connection.execute(
                    "SELECT setval(%s::regclass, greatest(%s, 1), %s > 0)", (name, value, value)
                )

    def disconnect_others(self) -> None:
        """End every other connection to this database, and wait until each has ended."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def _look_again(self) -> None:
        """Bring what is remembered up to date."""
        changed = tuple(self._written())
        if changed:
            digests = self._connection.execute(_together(_of_each(_DIGEST, changed)))
            for number, count, digest in digests:
                self._remembered[changed[number]] = _Remembered((count, digest))

    def _written(self) -> Iterator[Table]:
        """The tables that were written to since the last time."""
        for number, rows, new in self._connection.execute(self._looking, {"since": self._since}):
            if number < 0:
                self._since = str(rows)
                continue
            table = self.tables[number]
            remembered = self._remembered.get(table)
            if remembered is None or new or remembered.digest[0] != rows:
                yield table

    def _counts(self, table: Table) -> Counter[int]:
        return Counter({row: len(places) for row, places in self._places(table).items()})

    def _places(self, table: Table) -> Places:
        remembered = self._remembered[table]
        if remembered.places is None:
            remembered.places = {}
            query = sql.SQL(_PLACES).format(table.identifier)
            for row, place in self._connection.execute(query):
                remembered.places.setdefault(row, []).append(place)
        return remembered.places

    def _rows(self, table: Table, hashes: list[int]) -> tuple[str, ...]:
        query = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE ctid = ANY(%s::tid[]) ORDER BY 1")
        places = [self._places(table)[row][0] for row in hashes]
        rows = self._connection.execute(query.format(table.identifier), (places,))
        return tuple(row[0] for row in rows)

    def _copy_rows(self, model: "Inspector", table: Table) -> None:
        mine, wanted = self._places(table), model._places(table)
        # Whole classes of equal rows: a table without a key may hold a row twice.
        changed = [
            row for row in mine | wanted if len(mine.get(row, ())) != len(wanted.get(row, ()))
        ]
        gone, missing = (
            [place for row in changed for place in held.get(row, ())] for held in (mine, wanted)
        )
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE ctid = ANY(%s::tid[])").format(table.identifier), (gone,)
        )
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        source = sql.SQL("COPY (SELECT {} FROM {} WHERE ctid = ANY({}::tid[])) TO STDOUT").format(
            columns, table.identifier, sql.Literal(missing)
        )
        target = sql.SQL("COPY {} ({}) FROM STDIN").format(table.identifier, columns)
        with (
            model._connection.cursor().copy(source) as reading,
            self._connection.cursor().copy(target) as writing,
        ):
            for piece in reading:
                writing.write(piece)


def _of_each(query: str, tables: tuple[Table, ...]) -> Iterator[sql.Composable]:
    """The query over each of the tables, labelled with their numbers."""
    for number, table in enumerate(tables):
        yield sql.SQL(query).format(
            label=sql.Literal(number), table=table.identifier, since=sql.Placeholder("since")
        )


def _together(queries: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(" UNION ALL ").join(queries)
