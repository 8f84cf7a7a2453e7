"""Django system checks: what in the project's settings keeps the runtime from working.

`manage.py check` runs them. Each says what to change; `SILENCED_SYSTEM_CHECKS` takes their ids.
"""

import ast
import inspect
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from django_unblock import conf

ON_PSYCOPG = ("django_unblock.db.postgresql", "django_unblock.db.postgis")
ENGINES = (*ON_PSYCOPG, "django_unblock.db.mysql", "django_unblock.db.sqlite3")
_REPLACES = {
    "django.contrib.gis.db.backends.postgis": "django_unblock.db.postgis",
    "django.db.backends.mysql": "django_unblock.db.mysql",
    "django.db.backends.postgresql": "django_unblock.db.postgresql",
    "django.db.backends.postgresql_psycopg2": "django_unblock.db.postgresql",
    "django.db.backends.sqlite3": "django_unblock.db.sqlite3",
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
    """W002, W003: a database whose queries block the event loop, or wait in threads."""
    return [
        message
        for alias, database in settings.DATABASES.items()
        if (message := _engine_message(alias, database.get("ENGINE", ""))) is not None
    ]


def _engine_message(alias: str, engine: str) -> checks.CheckMessage | None:
    if engine in ENGINES or engine in ("", "django.db.backends.dummy"):
        return None
    where = f"DATABASES[{alias!r}] has the engine {engine!r}"
    if engine in _REPLACES:
        return checks.Warning(
            f"{where}, whose queries wait in a thread each: gather() overlaps none of them.",
            hint=f'Set its "ENGINE" to "{_REPLACES[engine]}".',
            id="unblock.W002",
        )
    return checks.Warning(
        f"{where}, which has no counterpart in django-unblock: its queries overlap nothing.",
        hint="Views that only read this database gain nothing from being asynchronous.",
        id="unblock.W003",
    )


@checks.register(checks.Tags.compatibility)
def check_driver(**_: Any) -> list[checks.CheckMessage]:
    """E004: psycopg 3 or its pool is missing."""
    missing = [name for name in ("psycopg", "psycopg_pool") if find_spec(name) is None]
    if not missing or not any(db["ENGINE"] in ON_PSYCOPG for _, db in _our_databases()):
        return []
    older = " psycopg2 can't wait on an event loop." if find_spec("psycopg2") else ""
    return [
        checks.Error(
            f"django-unblock's engine needs {' and '.join(missing)}.{older}",
            hint="pip install 'psycopg[binary,pool]'",
            id="unblock.E004",
        )
    ]


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
        if database.get("CONN_MAX_AGE", 0) != 0
    ]


@checks.register(checks.Tags.compatibility)
def check_atomic_requests(**_: Any) -> list[checks.CheckMessage]:
    """W006: `ATOMIC_REQUESTS` with async views, which Django refuses when it calls them."""
    aliases = [alias for alias, db in settings.DATABASES.items() if db.get("ATOMIC_REQUESTS")]
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


def _our_databases() -> Iterator[tuple[str, dict[str, Any]]]:
    for alias, database in settings.DATABASES.items():
        if database.get("ENGINE") in ENGINES:
            yield alias, database


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
