"""Everything here runs on PostgreSQL with PostGIS, where it is found; elsewhere it is skipped.

``UNBLOCK_TEST_POSTGIS`` may have the address of a server, as ``postgresql://user:password@host:port``,
whose database ``unblock`` is then dropped and made anew. Without it, Debian's server is started. GeoDjango
needs the GDAL and GEOS libraries.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from databases import as_default, made

DEBIANS = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgis_settings(database: None) -> Iterator[dict[str, Any]]:
    """A database with the extension and the tables."""
    for library in ("gdal", "geos"):
        if find_library(library) is None and find_library(f"{library}_c") is None:
            pytest.skip("apt install gdal-bin libgeos-c1v5")
    with _address() as address:
        url = " ".join(f"{name.lower()}={value}" for name, value in address.items() if value)
        with psycopg.connect(f"{url} dbname=postgres", autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS unblock")
            server.execute("CREATE DATABASE unblock")
        yield made(ENGINE="django_unblock.db.postgis", NAME="unblock", **address)


@pytest.fixture(scope="module", autouse=True)
def postgis(postgis_settings: dict[str, Any]) -> Iterator[None]:
    """The alias ``default``, on this engine."""
    with as_default(**postgis_settings):
        yield


@contextmanager
def _address() -> Iterator[dict[str, Any]]:
    named = urlsplit(os.environ.get("UNBLOCK_TEST_POSTGIS", ""))
    found = sorted(DEBIANS.glob("*/lib/postgis-3.so"))
    if named.hostname:
        yield {
            "HOST": named.hostname,
            "PORT": str(named.port or 5432),
            "USER": named.username or "postgres",
            "PASSWORD": named.password or "",
        }
    elif not found:
        pytest.skip("apt install postgresql-15-postgis-3, or set UNBLOCK_TEST_POSTGIS")
    else:
        with tempfile.TemporaryDirectory(prefix="unblock-gis-") as folder:
            yield from _server(found[-1].parents[1] / "bin", Path(folder))


def _server(programs: Path, folder: Path) -> Iterator[dict[str, Any]]:
    as_user = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        shutil.chown(folder, "postgres", "postgres")
        as_user = {"user": "postgres", "group": "postgres"}

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_user)

    data = str(folder / "data")
    run(str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
    control = (str(programs / "pg_ctl"), "-D", data, "-w")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run(*control, "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield {"HOST": str(folder), "PORT": "5432", "USER": "postgres", "PASSWORD": ""}
    finally:
        run(*control, "-m", "immediate", "stop")
