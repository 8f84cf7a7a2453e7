"""Where a seeded database is that is to be cloned for each side."""

from dataclasses import dataclass
from pathlib import Path

import psycopg


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


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """An SQLite database behind an alias of the project's DATABASES."""

    alias: str
    path: Path


type AnyDatabase = Database | DatabaseFile
