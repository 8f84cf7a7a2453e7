"""The end state of a PostgreSQL database: told by digests, put right row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import psycopg
from psycopg import sql

from unblocker.verify.databases import Database
from unblocker.verify.tables import Rows, State, Table

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


@dataclass(slots=True)
class _Remembered:
    """What a table held when it was read; `places` are looked for when they are needed."""

    digest: tuple[int, str]
    places: "Places | None" = None


type Places = dict[int, list[str]]
"""Where the rows of a table are, by their hashes: those that are alike have the same."""


class PostgresInspector:
    """See `tables.Inspector`; `last_write` tells of all databases of the server.

    It reads only those tables whole that have been written to since it read them.
    """

    sees_server = True

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

    def differing_rows(self, other: "PostgresInspector", table: Table, limit: int) -> Rows:
        """Up to `limit` rows on each side that the other side does not hold."""
        mine, theirs = self._counts(table), other._counts(table)
        return Rows(
            self._rows(table, list(mine - theirs)[:limit]),
            other._rows(table, list(theirs - mine)[:limit]),
        )

    def align(
        self, model: "PostgresInspector", tables: tuple[Table, ...], sequences: dict[str, int]
    ) -> None:
        """Make the tables hold what they hold in `model`, and the sequences go on from the values given."""
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
            query = sql.SQL(_PLACES).format(_named(table))
            for row, place in self._connection.execute(query):
                remembered.places.setdefault(row, []).append(place)
        return remembered.places

    def _rows(self, table: Table, hashes: list[int]) -> tuple[str, ...]:
        query = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE ctid = ANY(%s::tid[]) ORDER BY 1")
        places = [self._places(table)[row][0] for row in hashes]
        rows = self._connection.execute(query.format(_named(table)), (places,))
        return tuple(row[0] for row in rows)

    def _copy_rows(self, model: "PostgresInspector", table: Table) -> None:
        mine, wanted = self._places(table), model._places(table)
        # Whole classes of equal rows: a table without a key may hold a row twice.
        changed = [
            row for row in mine | wanted if len(mine.get(row, ())) != len(wanted.get(row, ()))
        ]
        gone, missing = (
            [place for row in changed for place in held.get(row, ())] for held in (mine, wanted)
        )
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE ctid = ANY(%s::tid[])").format(_named(table)), (gone,)
        )
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        source = sql.SQL("COPY (SELECT {} FROM {} WHERE ctid = ANY({}::tid[])) TO STDOUT").format(
            columns, _named(table), sql.Literal(missing)
        )
        target = sql.SQL("COPY {} ({}) FROM STDIN").format(_named(table), columns)
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
            label=sql.Literal(number), table=_named(table), since=sql.Placeholder("since")
        )


def _together(queries: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(" UNION ALL ").join(queries)


def _named(table: Table) -> sql.Identifier:
    return sql.Identifier(table.schema, table.name)
