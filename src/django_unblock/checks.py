"""Django system checks: what in the project's settings keeps the runtime from working.

`manage.py check` runs them. Each says what to change; `SILENCED_SYSTEM_CHECKS` takes their ids.
"""

import ast
import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from django_unblock import conf, patches

_REPLACED = {
    "django.db.backends.postgresql": "postgresql",
    "django.db.backends.postgresql_psycopg2": "postgresql",
    "django.contrib.gis.db.backends.postgis": "postgis",
    "django.db.backends.mysql": "mysql",
    "django.db.backends.sqlite3": "sqlite3",
}


@checks.register(checks.Tags.compatibility)
def check_settings(**_: Any) -> list[checks.CheckMessage]:
    """E001: `UNBLOCK` has an option or a value that does not exist."""
    try:
        conf.current()
    except (ImproperlyConfigured, TypeError) as error:
        return [checks.Error(str(error), id="unblock.E001")]
    return []


@checks.register(checks.Tags.compatibility)
def check_engine(**_: Any) -> list[checks.CheckMessage]:
    """W002, W003: a database on another engine, for which every database's queries stay in threads."""
    return [
        _engine_message(alias, database["ENGINE"])
        for alias, database in _databases()
        if not patches.is_of_ours(database["ENGINE"])
    ]


def _engine_message(alias: str, engine: str) -> checks.CheckMessage:
    ours = _REPLACED.get(engine)
    return checks.Warning(
        f"DATABASES[{alias!r}] has the engine {engine!r}. While one database is not on an engine of "
        "django-unblock's, every query waits in a thread, and gather() overlaps none of them.",
        hint=f'Set its "ENGINE" to "django_unblock.db.{ours}".'
        if ours
        else "django-unblock has none for it: converted views work, but gain nothing.",
        id="unblock.W002" if ours else "unblock.W003",
    )


@checks.register(checks.Tags.compatibility)
def check_pool(**_: Any) -> list[checks.CheckMessage]:
    """E004: a pool that can't be made from `OPTIONS["pool"]`."""
    return [
        checks.Error(
            f"DATABASES[{alias!r}] makes no connection pool: {error}",
            hint='Correct its OPTIONS["pool"].',
            id="unblock.E004",
        )
        for alias, _database in _our_databases()
        if (error := async_to_sync(_pool_error)(alias)) is not None
    ]


async def _pool_error(alias: str) -> Exception | None:
    wrapper: Any = connections.create_connection(alias)
    try:
        wrapper.make_pool()
    except (ImproperlyConfigured, TypeError, ValueError) as error:
        return error
    return None


@checks.register(checks.Tags.database)
def check_max_connections(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """W010: pools that may want more connections than PostgreSQL allows (`check --database`)."""
    processes = int(os.environ.get("WEB_CONCURRENCY") or 1)
    return [
        checks.Warning(
            f"DATABASES[{alias!r}] has a pool of up to {size} connections in each of {processes} "
            f"processes (WEB_CONCURRENCY), and the server allows {allowed} in all.",
            hint='Lower "max_size" in its OPTIONS["pool"], or raise max_connections of PostgreSQL.',
            id="unblock.W010",
        )
        for alias, _database in _our_databases()
        if alias in (databases or ()) and connections[alias].vendor == "postgresql"
        if (size := _pool_size(alias)) * processes > (allowed := _allowed_connections(alias))
    ]


def _pool_size(alias: str) -> int:
    options = connections.settings[alias]["OPTIONS"].get("pool")
    size: int = {"max_size": 40, **(options if isinstance(options, dict) else {})}["max_size"]
    return size


def _allowed_connections(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        allowed: int = cursor.fetchone()[0]
    return allowed


@checks.register(checks.Tags.compatibility)
def check_conn_max_age(**_: Any) -> list[checks.CheckMessage]:
    """W005: `CONN_MAX_AGE` beside our engine, whose pool keeps the connections."""
    return [
        checks.Warning(
            f"DATABASES[{alias!r}] sets CONN_MAX_AGE, but django-unblock's connections belong to "
            "a pool.",
            hint='Remove it. OPTIONS["pool"] has "max_idle" and "max_lifetime", in seconds.',
            id="unblock.W005",
        )
        for alias, database in _our_databases()
        if database["CONN_MAX_AGE"] != 0
    ]


@checks.register(checks.Tags.compatibility)
def check_atomic_requests(**_: Any) -> list[checks.CheckMessage]:
    """W006: `ATOMIC_REQUESTS` with async views, which Django refuses when it calls them."""
    aliases = [alias for alias, database in _databases() if database["ATOMIC_REQUESTS"]]
    if not aliases:
        return []
    return [
        checks.Warning(
            f"ATOMIC_REQUESTS of DATABASES[{aliases[0]!r}] wraps the async view {view} under "
            "django_unblock.asgi only: under WSGI and in Django's test clients it fails.",
            hint="Exempt it with @transaction.non_atomic_requests, and use "
            "`async with django_unblock.aatomic():` where it needs a transaction.",
            id="unblock.W006",
        )
        for view in sorted(_async_views_within(set(aliases), get_resolver()))
    ]


@checks.register(checks.Tags.compatibility)
def check_asgi_application(**_: Any) -> list[checks.CheckMessage]:
    """W007: the project's `asgi.py` makes Django's own application."""
    for path in _asgi_files():
        for line in _lines_importing_djangos(path):
            return [
                checks.Warning(
                    f"{path}:{line} serves Django's own ASGI application, where the ORM and "
                    "synchronous middleware wait in threads.",
                    hint="Write: from django_unblock.asgi import get_asgi_application",
                    id="unblock.W007",
                )
            ]
    return []


@checks.register(checks.Tags.compatibility)
def check_greenlet_rivals(**_: Any) -> list[checks.CheckMessage]:
    """E008: gevent or eventlet has replaced the standard library's sockets."""
    return [
        checks.Error(
            f"{name} has replaced Python's sockets, and django-unblock runs on asyncio.",
            hint="Serve the project with uvicorn, granian, hypercorn or daphne, or with gunicorn's "
            "gthread worker.",
            id="unblock.E008",
        )
        for name in ("gevent", "eventlet")
        if _has_patched_sockets(name)
    ]


@checks.register(checks.Tags.compatibility)
def check_async_unsafe(**_: Any) -> list[checks.CheckMessage]:
    """W009: Django's guard against blocking ORM calls in coroutines is switched off."""
    if not os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE"):
        return []
    return [
        checks.Warning(
            "DJANGO_ALLOW_ASYNC_UNSAFE is set: an ORM call that blocks the event loop goes "
            "unnoticed.",
            hint="Unset it. Under django_unblock.asgi, the ORM may be called from async views.",
            id="unblock.W009",
        )
    ]


def _databases() -> Iterator[tuple[str, dict[str, Any]]]:
    for alias, database in connections.settings.items():
        if database["ENGINE"] != "django.db.backends.dummy":
            yield alias, database


def _our_databases() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((alias, each) for alias, each in _databases() if patches.is_of_ours(each["ENGINE"]))


def _async_views_within(aliases: set[str], resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _async_views_within(aliases, pattern)
        elif isinstance(pattern, URLPattern) and inspect.iscoroutinefunction(pattern.callback):
            exempt: set[str] = getattr(pattern.callback, "_non_atomic_requests", set())
            if aliases - exempt:
                yield pattern.lookup_str


def _asgi_files() -> Iterator[Path]:
    """The `asgi.py` beside the project's root URLconf or WSGI application, or the named one."""
    named = getattr(settings, "ASGI_APPLICATION", None)
    if named:
        modules = [named.rpartition(".")[0]]
    else:
        beside = (settings.ROOT_URLCONF, (settings.WSGI_APPLICATION or "").rpartition(".")[0])
        packages = [str(name).rpartition(".")[0] for name in beside]
        modules = [f"{package}.asgi" for package in packages if package]
    for module in modules:
        try:
            spec = find_spec(module)
        except ImportError:
            continue
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin)


def _lines_importing_djangos(path: Path) -> Iterator[int]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.core.asgi":
            yield node.lineno


def _has_patched_sockets(name: str) -> bool:
    if name == "gevent":
        monkey = sys.modules.get("gevent.monkey")
        return monkey is not None and bool(monkey.is_module_patched("socket"))
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("socket"))
