"""A database of its own for each side: clones of one seeded template, gone in the end."""

import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from unblocker.errors import UnblockError
from unblocker.verify.databases import AnyDatabase, Database, DatabaseFile
from unblocker.verify.sqlite import copy_database

MAINTENANCE_DATABASE = "postgres"

type Clones = dict[str, tuple[AnyDatabase, ...]]


@contextmanager
def cloned(templates: tuple[AnyDatabase, ...], sides: Iterable[str]) -> Iterator[Clones]:
    """For each side, a clone of each template; gone when the block is left.

    Raises:
        UnblockError: a template cannot be cloned (U053).
    """
    run = f"{os.getpid()}_{secrets.token_hex(3)}"
    with tempfile.TemporaryDirectory(prefix="unblock-clones-") as folder:
        clones: Clones = {
            side: tuple(_named(each, f"{side}_{run}", Path(folder)) for each in templates)
            for side in sides
        }
        try:
            for side_clones in clones.values():
                for template, clone in zip(templates, side_clones, strict=True):
                    _clone(template, clone)
            yield clones
        finally:
            for clone in (each for side_clones in clones.values() for each in side_clones):
                if isinstance(clone, Database):
                    with suppress(psycopg.Error):
                        _administer(clone, "DROP DATABASE IF EXISTS {} WITH (FORCE)", clone.name)


def _named(template: AnyDatabase, name: str, folder: Path) -> AnyDatabase:
    if isinstance(template, Database):
        return replace(template, name=f"unblock_{template.alias}_{name}")
    return replace(template, path=folder / f"{template.alias}_{name}.sqlite3")


def _clone(template: AnyDatabase, clone: AnyDatabase) -> None:
    if isinstance(template, DatabaseFile) and isinstance(clone, DatabaseFile):
        copy_database(template, clone)
    elif isinstance(template, Database) and isinstance(clone, Database):
        _clone_on_server(template, clone)


def _clone_on_server(template: Database, clone: Database) -> None:
    """PostgreSQL copies only a database that nobody uses.

    See https://www.postgresql.org/docs/current/manage-ag-templatedbs.html.
    """
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
