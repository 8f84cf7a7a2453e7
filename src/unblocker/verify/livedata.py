"""Values for URL parameters, and users, looked up in a database by the names of its tables and columns."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from psycopg import sql

from unblocker.verify.databases import Database
from unblocker.verify.generate import Parameter, Value
from unblocker.verify.protocol import Ready

ROWS = 2

_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
        EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attnum = ANY(p.conkey)),
        (SELECT f.confrelid::regclass::text FROM pg_constraint f
         WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum] LIMIT 1)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_TYPES = {
    "int": {"smallint", "integer", "bigint"},
    "uuid": {"uuid"},
}
_TEXTS = {"character varying", "text", "character", "uuid", "smallint", "integer", "bigint"}
_KEY_NAMES = frozenset({"id", "pk"})
_SUFFIX = re.compile(r"_(id|pk|slug|uuid|name|code|number)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `target` is the table that it refers to, "" for none."""

    table: str
    name: str
    type: str
    is_key: bool
    target: str


class DatabaseFacts:
    """Looks values up in one database; see `generate.LiveData`."""

    def __init__(self, database: Database, ready: Ready) -> None:
        self._connection = psycopg.connect(database.conninfo(), autocommit=True)
        self._ready = ready
        self._columns = tuple(
            Column(table, name, kind, is_key, target or "")
            for table, name, kind, is_key, target in self._connection.execute(_COLUMNS)
        )

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()

    @property
    def users(self) -> tuple[str, ...]:
        """A plain user, a staff user and a superuser, as far as the user model knows the difference and has them."""
        table, name = self._ready.user_table, self._ready.username_column
        flags = [
            column.name
            for column in self._columns
            if column.table == table and column.name in {"is_staff", "is_superuser"}
        ]
        if not table:
            return ()
        kinds = sql.SQL(", ").join(map(sql.Identifier, flags)) if flags else sql.SQL("true")
        query = sql.SQL("SELECT DISTINCT ON ({kinds}) {name} FROM {table} ORDER BY {kinds}, {name}")
        rows = self._connection.execute(
            query.format(kinds=kinds, name=sql.Identifier(name), table=sql.Identifier(table))
        )
        return tuple(str(row[0]) for row in rows)

    def known_users(self, names: Collection[str]) -> set[str]:
        """Those of the usernames that exist."""
        if not names or not self._ready.user_table:
            return set()
        query = sql.SQL("SELECT {0} FROM {1} WHERE {0} = ANY(%s)").format(
            sql.Identifier(self._ready.username_column), sql.Identifier(self._ready.user_table)
        )
        return {row[0] for row in self._connection.execute(query, (list(names),))}

    def usernames(self, keys: Collection[str]) -> dict[str, str]:
        """The usernames of those of the primary keys, as text, that exist."""
        table = self._ready.user_table
        key = next((one.name for one in self._columns if one.table == table and one.is_key), None)
        if not keys or key is None:
            return {}
        query = sql.SQL("SELECT {0}::text, {1} FROM {2} WHERE {0}::text = ANY(%s)").format(
            sql.Identifier(key),
            sql.Identifier(self._ready.username_column),
            sql.Identifier(table),
        )
        return dict(self._connection.execute(query, (list(keys),)).fetchall())

    def values(self, route: str, parameter: Parameter) -> tuple[Value, ...]:
        """The values of the first rows of the first column that fits the parameter and has any."""
        for column in self._fitting(route, parameter):
            if values := self._values(column):
                return values
        return ()

    def _fitting(self, route: str, parameter: Parameter) -> Iterator[Column]:
        """Columns by name and type: in tables named by the parameter first, then in those named by the route."""
        types = _TYPES.get(parameter.converter, _TEXTS)
        for table in self._tables(route, parameter):
            mine = [column for column in self._columns if column.table == table]
            yield from (
                column
                for column in mine
                if column.type in types and _is_named(column, parameter.name)
            )

    def _tables(self, route: str, parameter: Parameter) -> Iterator[str]:
        words = [_SUFFIX.sub("", parameter.name), *(_singular(word) for word in route.split("/"))]
        names = dict.fromkeys(column.table for column in self._columns)
        for word in filter(None, words):
            yield from (name for name in names if name == word or name.endswith(f"_{word}"))

    def _values(self, column: Column) -> tuple[Value, ...]:
        owner = self._owner_column(column.table)
        query = sql.SQL(
            "SELECT t.{value}::text, {owner} FROM {table} t {join} WHERE t.{value} IS NOT NULL ORDER BY 1 LIMIT {limit}"
        ).format(
            value=sql.Identifier(column.name),
            table=sql.Identifier(column.table),
            owner=sql.SQL("u.{}").format(sql.Identifier(self._ready.username_column))
            if owner
            else sql.NULL,
            join=self._join(owner) if owner else sql.SQL(""),
            limit=sql.Literal(ROWS),
        )
        rows = self._connection.execute(query).fetchall()
        return tuple(Value(quote(text, safe=""), name) for text, name in rows)

    def _owner_column(self, table: str) -> Column | None:
        owners = (
            column
            for column in self._columns
            if column.table == table and column.target == self._ready.user_table
        )
        return next(owners, None) if self._ready.user_table else None

    def _join(self, owner: Column) -> sql.Composed:
        key = next(
            column.name
            for column in self._columns
            if column.table == owner.target and column.is_key
        )
        return sql.SQL("LEFT JOIN {} u ON u.{} = t.{}").format(
            sql.Identifier(owner.target), sql.Identifier(key), sql.Identifier(owner.name)
        )


def _is_named(column: Column, parameter: str) -> bool:
    """`pk`, `id` and `product_id` mean a table's key; other parameters the column of the same name or of its end."""
    if parameter in _KEY_NAMES or parameter.endswith(("_id", "_pk")):
        return column.is_key
    return column.name in {parameter, parameter.rpartition("_")[2]}


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s").replace("-", "")
