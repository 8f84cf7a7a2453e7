"""How the app is served in production: the rivals, each set up as its own documentation advises.

All get the same cores, no access log, and the same keep-alive. The process counts are those that
make the comparison fair to the old app:

* `gunicorn-sync`: 4 workers, what most synchronous Django deployments run (2 per core plus one is
  gunicorn's rule of thumb: https://gunicorn.org/design/#how-many-workers).
* `gunicorn-gthread`: as many processes as the converted app has, with 32 threads in each, so that
  50 clients find a free thread even on two cores.
* `gunicorn-gevent`: as many processes again; psycopg waits cooperatively once gevent has patched
  `select` (psycopg.waiting), so nothing is lost to a blocking driver.
* `uvicorn`: one process per core, uvloop and httptools.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from unblocker.records.measurement import Side
from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command

SYNC_WORKERS = 4
THREADS = 32
OVERLAPPING = 4  # requests that a process which takes several is warmed up with
KEEP_ALIVE_S = 5
READY_PATH = "/.unblock-is-the-server-up"
PORT = "{port}"

# Variables that would change a server behind our back.
FOREIGN = ("WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS")


@dataclass(frozen=True, slots=True)
class App:
    """One side of the comparison.

    Attributes:
        tree: the project's root.
        environment: variables on top of this process's own: settings module, services.
        wsgi, asgi: the applications, `module:attribute`.
    """

    side: Side
    tree: Path
    environment: Mapping[str, str]
    wsgi: str
    asgi: str

    def whole_environment(self) -> dict[str, str]:
        """What a process that runs this app gets."""
        ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {**ours, **self.environment}


@dataclass(frozen=True, slots=True)
class Variant:
    """A server and its settings.

    Attributes:
        interface: which of the app's two applications it serves.
        argv: its command line; `{port}` and the application stand for themselves.
        processes: how many answer requests.
        warming: so many requests at the same time make each of them ready for any.
    """

    name: str
    interface: Literal["wsgi", "asgi"]
    argv: tuple[str, ...]
    note: str
    processes: int
    warming: int = 1

    def command(self, app: App, port: int, log: Path) -> Command:
        """How to serve the app with it on `port`."""
        return Command(
            f"{self.name} ({app.side})",
            tuple(part.replace(PORT, str(port)) for part in self.line(app)),
            cwd=app.tree,
            log=log,
            port=port,
            http_path=READY_PATH,
            env=app.whole_environment(),
            # At once: the log is to hold what the load caused, not what our stopping cut short.
            stop_signal=signal.SIGKILL,
        )

    def line(self, app: App) -> tuple[str, ...]:
        """The command line with the port left open."""
        return (*self.argv, app.wsgi if self.interface == "wsgi" else app.asgi)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def gunicorn(name: str, workers: int, note: str, *options: str) -> Variant:
    """Gunicorn with these options; a gunicorn.conf.py in the project is not read."""
    argv = (
        *(sys.executable, "-m", "gunicorn", "--config", os.devnull),
        *("--bind", f"{LOOPBACK}:{PORT}", "--workers", str(workers)),
        *("--keep-alive", str(KEEP_ALIVE_S), "--graceful-timeout", "1", "--log-level", "warning"),
    )
    return Variant(name, "wsgi", (*argv, *options), note, workers)


def gunicorn_sync() -> Variant:
    """Gunicorn's default worker."""
    return gunicorn(
        "gunicorn-sync",
        SYNC_WORKERS,
        f"{SYNC_WORKERS} sync workers",
        *("--worker-class", "sync"),
    )


def gunicorn_gthread(processes: int) -> Variant:
    """Threads: the rival without any change to the code."""
    plain = gunicorn(
        "gunicorn-gthread",
        processes,
        f"{processes} processes of {THREADS} threads",
        *("--worker-class", "gthread", "--threads", str(THREADS)),
    )
    return replace(plain, warming=OVERLAPPING)


def gunicorn_gevent(processes: int) -> Variant:
    """Greenlets under the whole app, by patching the standard library."""
    plain = gunicorn(
        "gunicorn-gevent",
        processes,
        f"{processes} processes, everything patched by gevent",
        *("--worker-class", "gevent"),
    )
    return replace(plain, warming=OVERLAPPING)


def uvicorn(processes: int) -> Variant:
    """The converted app's server."""
    argv = (
        *(sys.executable, "-m", "uvicorn", "--host", LOOPBACK, "--port", PORT),
        *("--workers", str(processes), "--loop", "uvloop", "--http", "httptools"),
        *("--timeout-keep-alive", str(KEEP_ALIVE_S), "--timeout-graceful-shutdown", "1"),
        *("--no-access-log", "--log-level", "warning"),
    )
    note = f"{processes} processes, uvloop"
    return Variant("uvicorn", "asgi", argv, note, processes, warming=OVERLAPPING)


def traced_wsgi() -> Variant:
    """One process, for tracing."""
    return gunicorn("traced-wsgi", 1, "one process, traced", "--worker-class", "sync")


def traced_asgi() -> Variant:
    """One process, for tracing; the application is a factory."""
    plain = uvicorn(1)
    return replace(plain, name="traced-asgi", argv=(*plain.argv, "--factory"))
