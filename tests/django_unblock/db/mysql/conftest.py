"""Everything here runs on MariaDB or MySQL, where one is found; elsewhere it is skipped.

``UNBLOCK_TEST_MYSQL`` may have the address of a server, as ``mysql://user:password@host:port``, whose
database ``unblock`` is then dropped and made anew. Without it, Debian's ``mariadb-server`` is started.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from databases import as_default, made


@pytest.fixture(scope="session")
def mysql_settings(database: None) -> Iterator[dict[str, Any]]:
    """A database on the server, with the tables."""
    driver = pytest.importorskip("MySQLdb", reason="pip install mysqlclient")
    with _address() as address:
        _make_database(driver, address)
        yield made(ENGINE="django_unblock.db.mysql", NAME="unblock", **address)


@pytest.fixture(scope="module", autouse=True)
def mysql(mysql_settings: dict[str, Any]) -> Iterator[None]:
    """The alias ``default``, on this engine."""
    with as_default(**mysql_settings):
        yield


@contextmanager
def _address() -> Iterator[dict[str, Any]]:
    named = urlsplit(os.environ.get("UNBLOCK_TEST_MYSQL", ""))
    if named.hostname:
        yield {
            "HOST": named.hostname,
            "PORT": named.port or 3306,
            "USER": named.username or "root",
            "PASSWORD": named.password or "",
        }
    elif shutil.which("mariadbd") is None:
        pytest.skip("apt install mariadb-server, or set UNBLOCK_TEST_MYSQL")
    else:
        with tempfile.TemporaryDirectory(prefix="unblock-my-") as folder:
            yield from _server(Path(folder))


def _server(folder: Path) -> Iterator[dict[str, Any]]:
    data, socket = folder / "data", folder / "socket"
    options = ["--no-defaults", f"--datadir={data}", "--user=root"]
    subprocess.run(
        ["mariadb-install-db", *options, "--auth-root-authentication-method=normal"],
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        ["mariadbd", *options, f"--socket={socket}", "--skip-networking"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while not socket.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail("mariadbd does not start")
            time.sleep(0.1)
        yield {"HOST": str(socket), "PORT": "", "USER": "root", "PASSWORD": ""}
    finally:
        server.terminate()
        server.wait()


def _make_database(driver: Any, address: dict[str, Any]) -> None:
    host = address["HOST"]
    where = (
        {"unix_socket": host} if host.startswith("/") else {"host": host, "port": address["PORT"]}
    )
    server = driver.connect(user=address["USER"], password=address["PASSWORD"], **where)
    for statement in (
        "DROP DATABASE IF EXISTS unblock",
        "CREATE DATABASE unblock CHARACTER SET utf8mb4",
    ):
        server.query(statement)
    server.close()
