"""A database of its own for each side: clones of one seeded template, dropped in the end."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import psycopg
from psycopg import sql

from unblocker.errors import UnblockError

MAINTENANCE_DATABASE = "postgres"


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL database behind an alias of the project's DATABASES.

    The user must be a superuser: cloning needs the right to create databases, putting two clones back in line needs
    triggers and constraints out of the way.
    """

    alias: str
    name: str
    host: str
    port: int
    user: str
    password: str = ""

    def conninfo(self) -> str:
        """What psycopg connects with."""
        return psycopg.conninfo.make_conninfo(
            dbname=self.name,
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
        )


type Clones = dict[str, tuple[Database, ...]]


@contextmanager
def cloned(templates: tuple[Database, ...], sides: Iterable[str]) -> Iterator[Clones]:
    """For each side, a clone of each template; dropped when the block is left.

    PostgreSQL copies only a database that nobody uses
    (https://www.postgresql.org/docs/current/manage-ag-templatedbs.html).

    Raises:
        UnblockError: a template cannot be cloned (U053).
    """
    run = f"{os.getpid()}_{secrets.token_hex(3)}"
    clones: Clones = {
        side: tuple(replace(each, name=f"unblock_{each.alias}_{side}_{run}") for each in templates)
        for side in sides
    }
    try:
        for side_clones in clones.values():
            for template, clone in zip(templates, side_clones, strict=True):
                _clone(template, clone)
        yield clones
    finally:
        for clone in (each for side_clones in clones.values() for each in side_clones):
            with suppress(psycopg.Error):
                _administer(clone, "DROP DATABASE IF EXISTS {} WITH (FORCE)", clone.name)


def _clone(template: Database, clone: Database) -> None:
    try:
        _administer(template, "CREATE DATABASE {} TEMPLATE {}", clone.name, template.name)
    except psycopg.Error as error:
        raise UnblockError(
            "U053",
            f"the database {template.name!r} (alias {template.alias!r}) cannot be cloned: {error}",
            hint="It must exist, nobody may be connected to it, and the user must be a superuser.",
        ) from None


def _administer(database: Database, statement: str, *names: str) -> None:
    server = replace(database, name=MAINTENANCE_DATABASE)
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
