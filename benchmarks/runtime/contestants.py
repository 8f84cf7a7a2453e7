"""Who is compared: the same project, each time served as the contestant's own documentation advises.

Every contestant is one process on the same PostgreSQL. None opens a connection per request, except
where that is what the contestant is there to show: threads keep theirs (`CONN_MAX_AGE`), stock
ASGI, where Django's documentation forbids that, has Django's own pool.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from unblocker.services.ports import LOOPBACK
from unblocker.services.postgres import USER, Postgres
from unblocker.services.processes import Command

ROOT = Path(__file__).parents[2]
DATABASE = "bench_runtime"
THREADS = 8
CONNECTIONS = 64
STOCK = "django.db.backends.postgresql"
POOL = {"OPTIONS": {"pool": {"max_size": CONNECTIONS}}}
KEPT = {"CONN_MAX_AGE": 600}

type Server = Literal["uvicorn", "gthread", "gevent"]

# Variables that would change a server behind our back.
FOREIGN = ("WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS")


@dataclass(frozen=True, eq=False)
class Contestant:
    """One way to run the project.

    Attributes:
        name: what the tables call it.
        server: what serves it.
        pages: its views: the first part of their paths.
        note: its settings, for the reader.
        database: more of `DATABASES["default"]`.
        engine: Django's `ENGINE`.
        apps: what it needs in `INSTALLED_APPS`.
        application: what the server loads, in the folder `project`.
        serves_report: whether it is asked for the slow page, too.
    """

    name: str
    server: Server
    pages: Literal["sync", "async", "own-api"]
    note: str
    database: Mapping[str, Any]
    engine: str = STOCK
    apps: tuple[str, ...] = ()
    application: str = "asgi"
    serves_report: bool = True

    def environment(self, postgres: Postgres) -> dict[str, str]:
        """What a process that runs the project so gets."""
        database = {
            "ENGINE": self.engine,
            "NAME": DATABASE,
            "HOST": LOOPBACK,
            "PORT": postgres.port,
            "USER": USER,
            **self.database,
        }
        contestant = {"apps": self.apps, "database": database}
        return {
            **{name: value for name, value in os.environ.items() if name not in FOREIGN},
            "BENCH_CONTESTANT": json.dumps(contestant),
            "DJANGO_SETTINGS_MODULE": "benchmarks.runtime.project.settings",
        }

    def command(self, postgres: Postgres, port: int, log: Path) -> Command:
        """How to serve it on the port."""
        return Command(
            self.name,
            (sys.executable, "-m", *_SERVERS[self.server](port), self._application()),
            cwd=ROOT,
            log=log,
            port=port,
            http_path=f"/{self.pages}/books/1/",
            env=self.environment(postgres),
        )

    def _application(self) -> str:
        return f"benchmarks.runtime.project.{self.application}:application"


def _uvicorn(port: int) -> tuple[str, ...]:
    listening = ("--host", LOOPBACK, "--port", str(port))
    fast = ("--loop", "uvloop", "--http", "httptools")
    return ("uvicorn", *listening, *fast, "--no-access-log", "--log-level", "warning")


def _gunicorn(port: int, worker: str, *options: str) -> tuple[str, ...]:
    listening = ("--config", os.devnull, "--bind", f"{LOOPBACK}:{port}", "--keep-alive", "5")
    return ("gunicorn", *listening, "--log-level", "warning", "--worker-class", worker, *options)


_SERVERS: Mapping[Server, Callable[[int], tuple[str, ...]]] = {
    "uvicorn": _uvicorn,
    "gthread": lambda port: _gunicorn(port, "gthread", "--threads", str(THREADS)),
    "gevent": lambda port: _gunicorn(port, "gevent"),
}

STOCK_ASGI = Contestant(
    "stock ASGI",
    "uvicorn",
    "sync",
    "uvicorn, a new connection per request, as Django does without further settings",
    database={},
    serves_report=False,
)
STOCK_POOL = Contestant(
    "stock ASGI, pool", "uvicorn", "sync", "uvicorn, Django's psycopg pool", POOL
)
STOCK_ASYNC = Contestant(
    "stock ASGI, pool, async view", "uvicorn", "async", "uvicorn, Django's psycopg pool", POOL
)
OURS = Contestant(
    "django-unblock",
    "uvicorn",
    "sync",
    'uvicorn, `SYNC_VIEWS = "loop"`',
    POOL,
    engine="django_unblock.db.postgresql",
    apps=("django_unblock",),
    application="asgi_unblock",
)
OURS_ASYNC = replace(OURS, name="django-unblock, async view", pages="async", note="uvicorn")
GTHREAD = Contestant(
    "gunicorn gthread",
    "gthread",
    "sync",
    f"{THREADS} threads, each keeps its connection",
    KEPT,
    application="wsgi",
)
GEVENT = Contestant(
    "gunicorn gevent",
    "gevent",
    "sync",
    "everything patched by gevent, Django's psycopg pool",
    POOL,
    application="wsgi",
)
GEVENT_KEPT = replace(
    GEVENT,
    name="gunicorn gevent, connections kept",
    note="a database connection per client connection, without bound",
    database=KEPT,
    serves_report=False,
)
OWN_API = Contestant(
    "django-async-backend",
    "uvicorn",
    "own-api",
    "uvicorn, its pool, views rewritten to its API",
    POOL,
    engine="django_async_backend.db.backends.postgresql",
    apps=("django_async_backend",),
)

EVERYONE = (
    STOCK_ASGI,
    STOCK_POOL,
    STOCK_ASYNC,
    OURS,
    OURS_ASYNC,
    GTHREAD,
    GEVENT,
    GEVENT_KEPT,
    OWN_API,
)


def missing(contestant: Contestant) -> str:
    """Why the contestant can't take part here; "" if it can."""
    for app in contestant.apps:
        if importlib.util.find_spec(app) is None:
            return f"{app} is not installed"
    return ""
