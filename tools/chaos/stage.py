"""What a run plays on: a database server of its own and the bank on a uvicorn of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tools.chaos.traffic import ACCOUNTS, OPENING, USERS, owner, user
from unblocker.services import ports, postgres
from unblocker.services.processes import Command, Process, Supervisor

ROOT = Path(__file__).parents[2]
SERVER = "chaos-server"
DRIVER = "chaos-driver"
SETTINGS = "tools.chaos.project.settings"
GRACEFUL_S = 5
SESSIONS = (
    "SELECT state FROM pg_stat_activity WHERE application_name = %s "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
# What asyncio, Python and uvicorn write when an error reached nobody. A job whose database
# connection was ended is logged with its traceback: that is no complaint.
COMPLAINTS = re.compile(
    "never retrieved|Exception in callback|was never awaited|was destroyed but it is pending"
    "|Exception ignored|Hook .* failed|could not start|Fatal Python error"
)
UNFINISHED = re.compile(
    r"Background \S+, started by GET /job/([^/]+)/,? (?:was not finished|failed)"
)


class Database:
    """An embedded PostgreSQL server that can be restarted on the same port."""

    def __init__(self, supervisor: Supervisor, folder: Path) -> None:
        self._supervisor = supervisor
        self._folder = folder
        self.port = ports.claim()
        self._server = postgres.start(supervisor, folder, self.port)
        self.conninfo = self._server.conninfo("postgres")

    def restart(self) -> None:
        """Stop the server, ending all connections, and return when it lets clients in again."""
        self._supervisor.stop(self._server.process)
        self._server = postgres.start(self._supervisor, self._folder, self.port)

    def sessions(self, name: str) -> tuple[str, ...]:
        """The state of each session of a program, such as ``idle in transaction``."""
        with psycopg.connect(self.conninfo) as connection:
            return tuple(row[0] for row in connection.execute(SESSIONS, [name]))

    def environment(self, name: str) -> dict[str, str]:
        """The variables with which the bank connects to it under a name."""
        return {
            "CHAOS_PORT": str(self.port),
            "CHAOS_NAME": name,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
        }


@dataclass(frozen=True, slots=True)
class Server:
    """The bank, served by uvicorn in one process."""

    process: Process
    port: int
    log: Path

    def terminate(self, patience_s: float) -> tuple[int | None, float]:
        """Send SIGTERM; return the exit status, None if it does not end, and the seconds it took."""
        began = time.monotonic()
        self.process.signal_group(signal.SIGTERM)
        try:
            status: int | None = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            status = None
        return status, time.monotonic() - began

    def complaints(self) -> tuple[str, ...]:
        """The log's lines about errors that reached nobody."""
        lines = self.log.read_text(errors="replace").splitlines()
        return tuple(line for line in lines if COMPLAINTS.search(line))

    def unfinished_jobs(self) -> tuple[str, ...]:
        """The tokens of the jobs that the log names as failed or not finished."""
        return tuple(UNFINISHED.findall(self.log.read_text(errors="replace")))


def serve(supervisor: Supervisor, database: Database, folder: Path) -> Server:
    """Start the bank and return when it answers."""
    port, log = ports.claim(), folder / "server.log"
    paths = (str(ROOT), os.environ.get("PYTHONPATH", ""))
    command = Command(
        "uvicorn",
        (
            *(sys.executable, "-m", "uvicorn", "tools.chaos.project.asgi:application"),
            *("--port", str(port), "--no-access-log"),
            *("--timeout-graceful-shutdown", str(GRACEFUL_S)),
        ),
        cwd=ROOT,
        log=log,
        port=port,
        http_path="/pool/",
        env={
            **os.environ,
            **database.environment(SERVER),
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        },
    )
    return Server(supervisor.start(command), port, log)


def open_bank(database: Database) -> tuple[str, ...]:
    """Set Django up in this process, make tables, accounts and users; return the users' session cookies."""
    os.environ.update(database.environment(DRIVER))
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from tools.chaos.project.models import Account

    Account.objects.bulk_create(
        Account(pk=pk, owner=owner(pk), balance=OPENING) for pk in range(1, ACCOUNTS + 1)
    )
    cookies = tuple(_session(user(number)) for number in range(USERS))
    connection.close()
    connection.close_pool()
    return cookies


def _session(name: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    made = User.objects.create(username=name)
    session = SessionStore()
    session[SESSION_KEY] = str(made.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = made.get_session_auth_hash()
    session.create()
    return str(session.session_key)
