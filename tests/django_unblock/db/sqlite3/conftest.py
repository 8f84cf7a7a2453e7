"""Everything here runs on a SQLite database in a file."""

from collections.abc import Iterator
from typing import Any

import pytest
from databases import WAL, as_default, made


@pytest.fixture(scope="session")
def sqlite_settings(database: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A database in a file, with the tables."""
    path = tmp_path_factory.mktemp("sqlite") / "db.sqlite3"
    return made(ENGINE="django_unblock.db.sqlite3", NAME=path, OPTIONS=dict(WAL))


@pytest.fixture(scope="module", autouse=True)
def sqlite(sqlite_settings: dict[str, Any]) -> Iterator[None]:
    """The alias ``default``, on this engine."""
    with as_default(**sqlite_settings):
        yield
