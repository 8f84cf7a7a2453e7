"""What a seeded database is read through: its columns, and rows by SQL that PostgreSQL and SQLite both know."""

import json
import re
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from psycopg import sql

from unblocker.verify.databases import AnyDatabase, Database, DatabaseFile

_OF_POSTGRES = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
        EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attnum = ANY(p.conkey)),
        (SELECT t.relname FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
         WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum] LIMIT 1)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_OF_SQLITE = """
    SELECT m.name, c.name, lower(c.type), c.pk > 0,
        (SELECT f."table" FROM pragma_foreign_key_list(m.name) f WHERE f."from" = c.name)
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'
    ORDER BY m.name, c.cid
"""
_LENGTH = re.compile(r"( unsigned|\(.*)")
_IN_POSTGRES = {"varchar": "character varying", "char": "character"}

type Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `type` in PostgreSQL's words, `target` is the table that it refers to, "" for none."""

    table: str
    name: str
    type: str
    is_key: bool
    target: str


class Reader(Protocol):
    """A connection that reads."""

    def columns(self) -> tuple[Column, ...]:
        """All of them, by table."""

    def rows(self, query: sql.Composed) -> list[Row]:
        """What the query gives."""

    def rows_among(self, query: sql.Composed, values: Collection[str]) -> list[Row]:
        """What the query gives, whose last expression must be one of the values."""

    def close(self) -> None:
        """Leave the database."""


class PostgresReader:
    """See `Reader`."""

    def __init__(self, database: Database) -> None:
        self._connection = psycopg.connect(database.conninfo(), autocommit=True)

    def columns(self) -> tuple[Column, ...]:
        """All of them, by table."""
        found = self._connection.execute(_OF_POSTGRES)
        return tuple(
            Column(table, name, kind, is_key, target or "")
            for table, name, kind, is_key, target in found
        )

    def rows(self, query: sql.Composed) -> list[Row]:
        """What the query gives."""
        return self._connection.execute(query).fetchall()

    def rows_among(self, query: sql.Composed, values: Collection[str]) -> list[Row]:
        """What the query gives, whose last expression must be one of the values."""
        whole = query + sql.SQL(" = ANY(%s)")
        return self._connection.execute(whole, (list(values),)).fetchall()

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()


class SqliteReader:
    """See `Reader`."""

    def __init__(self, database: DatabaseFile) -> None:
        self._connection = sqlite3.connect(database.path)

    def columns(self) -> tuple[Column, ...]:
        """All of them, by table."""
        found = self._connection.execute(_OF_SQLITE)
        return tuple(
            Column(table, name, _type(kind), bool(is_key), target or "")
            for table, name, kind, is_key, target in found
        )

    def rows(self, query: sql.Composed) -> list[Row]:
        """What the query gives."""
        return self._connection.execute(query.as_string()).fetchall()

    def rows_among(self, query: sql.Composed, values: Collection[str]) -> list[Row]:
        """What the query gives, whose last expression must be one of the values."""
        whole = query + sql.SQL(" IN (SELECT value FROM json_each(?))")
        return self._connection.execute(whole.as_string(), (json.dumps([*values]),)).fetchall()

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()


def reader_of(database: AnyDatabase) -> Reader:
    """A reader of this kind of database."""
    if isinstance(database, Database):
        return PostgresReader(database)
    return SqliteReader(database)


def _type(declared: str) -> str:
    kind = _LENGTH.sub("", declared)
    return _IN_POSTGRES.get(kind, kind)
