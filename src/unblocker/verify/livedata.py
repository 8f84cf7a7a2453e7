"""Values for URL parameters, and users, looked up in a database by the names of its tables and columns."""

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import quote

from psycopg import sql

from unblocker.verify.databases import AnyDatabase
from unblocker.verify.generate import Parameter, Value
from unblocker.verify.protocol import Ready
from unblocker.verify.reading import Column, reader_of

ROWS = 2

_TYPES = {
    "int": {"smallint", "integer", "bigint"},
    "uuid": {"uuid"},
}
_TEXTS = {"character varying", "text", "character", "uuid", "smallint", "integer", "bigint"}
_KEY_NAMES = frozenset({"id", "pk"})
_SUFFIX = re.compile(r"_(id|pk|slug|uuid|name|code|number)$")


class DatabaseFacts:
    """Looks values up in one database; see `generate.LiveData`."""

    def __init__(self, database: AnyDatabase, ready: Ready) -> None:
        self._reader = reader_of(database)
        self._ready = ready
        self._columns = self._reader.columns()

    def close(self) -> None:
        """Leave the database."""
        self._reader.close()

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
        kinds = [sql.Identifier(flag) for flag in flags]
        query = sql.SQL(
            "SELECT {name} FROM ("
            " SELECT *, row_number() OVER ({partition} ORDER BY {name}) AS place FROM {table}"
            ") AS users WHERE place = 1 ORDER BY {kinds}"
        ).format(
            name=sql.Identifier(name),
            partition=sql.SQL("PARTITION BY ") + _listed(kinds) if kinds else sql.SQL(""),
            table=sql.Identifier(table),
            kinds=_listed([*kinds, sql.Identifier(name)]),
        )
        return tuple(str(row[0]) for row in self._reader.rows(query))

    def known_users(self, names: Collection[str]) -> set[str]:
        """Those of the usernames that exist."""
        if not names or not self._ready.user_table:
            return set()
        query = sql.SQL("SELECT {0} FROM {1} WHERE {0}").format(
            sql.Identifier(self._ready.username_column), sql.Identifier(self._ready.user_table)
        )
        return {row[0] for row in self._reader.rows_among(query, names)}

    def usernames(self, keys: Collection[str]) -> dict[str, str]:
        """The usernames of those of the primary keys, as text, that exist."""
        table = self._ready.user_table
        key = next((one.name for one in self._columns if one.table == table and one.is_key), None)
        if not keys or key is None:
            return {}
        query = sql.SQL("SELECT CAST({0} AS text), {1} FROM {2} WHERE CAST({0} AS text)").format(
            sql.Identifier(key),
            sql.Identifier(self._ready.username_column),
            sql.Identifier(table),
        )
        return {row[0]: row[1] for row in self._reader.rows_among(query, keys)}

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
            "SELECT CAST(t.{value} AS text) AS shown, {owner} FROM {table} t {join}"
            " WHERE t.{value} IS NOT NULL ORDER BY shown LIMIT {limit}"
        ).format(
            value=sql.Identifier(column.name),
            table=sql.Identifier(column.table),
            owner=sql.Identifier("u", self._ready.username_column) if owner else sql.NULL,
            join=self._join(owner) if owner else sql.SQL(""),
            limit=sql.Literal(ROWS),
        )
        return tuple(Value(quote(text, safe=""), owned) for text, owned in self._reader.rows(query))

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


def _listed(columns: Iterable[sql.Identifier]) -> sql.Composed:
    return sql.SQL(", ").join(columns)


def _is_named(column: Column, parameter: str) -> bool:
    """`pk`, `id` and `product_id` mean a table's key; other parameters the column of the same name or of its end."""
    if parameter in _KEY_NAMES or parameter.endswith(("_id", "_pk")):
        return column.is_key
    return column.name in {parameter, parameter.rpartition("_")[2]}


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s").replace("-", "")
