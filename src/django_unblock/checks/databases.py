"""System checks of the `DATABASES` setting and of `UNBLOCK`."""

import inspect
import os
from collections.abc import Iterator, Sequence
from typing import Any

from asgiref.sync import async_to_sync
from django.core.checks import Tags
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from django_unblock import conf, patches
from django_unblock.checks.registering import Messages, check


@check("unblock.E001", hint="The documentation lists the options: docs/runtime.md.")
def check_settings(**_: Any) -> Messages:
    """`UNBLOCK` has an option or a value that does not exist."""
    try:
        conf.current()
    except ImproperlyConfigured as error:
        yield str(error)


@check(
    "unblock.W002",
    hint='Set its "ENGINE" to "django_unblock.db.postgresql", or "postgis", "mysql" or "sqlite3" there.',
)
def check_engine(**_: Any) -> Messages:
    """A database on an engine of another package, which keeps the runtime from working for any."""
    for alias, database in connections.settings.items():
        if not patches.is_of_ours(database["ENGINE"]):
            yield (
                f"DATABASES[{alias!r}] has the engine {database['ENGINE']!r}. While one database is "
                "on another's engine, gather() overlaps no queries and django_unblock.asgi refuses to serve."
            )


@check("unblock.E003", hint='Correct its OPTIONS["pool"].')
def check_pool(**_: Any) -> Messages:
    """A pool that can't be made from `OPTIONS["pool"]`."""
    for alias, _database in _our_databases():
        if (error := async_to_sync(_pool_error)(alias)) is not None:
            yield f"DATABASES[{alias!r}] makes no connection pool: {error}"


@check(
    "unblock.W004",
    hint='Remove it. OPTIONS["pool"] has "max_idle" and "max_lifetime", in seconds.',
)
def check_conn_max_age(**_: Any) -> Messages:
    """`CONN_MAX_AGE` beside our engine, whose pool keeps the connections."""
    for alias, database in _our_databases():
        if database["CONN_MAX_AGE"] != 0:
            yield f"DATABASES[{alias!r}] sets CONN_MAX_AGE, but its connections belong to a pool."


@check(
    "unblock.W005",
    hint="Exempt it with @transaction.non_atomic_requests, and use "
    "`async with django_unblock.aatomic():` where it needs a transaction.",
)
def check_atomic_requests(**_: Any) -> Messages:
    """`ATOMIC_REQUESTS` with async views, which Django refuses when it calls them."""
    aliases = {
        alias for alias, database in connections.settings.items() if database["ATOMIC_REQUESTS"]
    }
    for view in sorted(_async_views_within(aliases, get_resolver())) if aliases else ():
        yield (
            f"ATOMIC_REQUESTS of DATABASES[{min(aliases)!r}] wraps the async view {view} under "
            "django_unblock.asgi only: under WSGI and in Django's test clients it fails."
        )


@check(
    "unblock.W009",
    hint='Lower "max_size" in its OPTIONS["pool"], or raise max_connections of PostgreSQL.',
    tag=Tags.database,
)
def check_max_connections(databases: Sequence[str] | None = None, **_: Any) -> Messages:
    """Pools that may want more connections than PostgreSQL allows (`check --database`)."""
    named = os.environ.get("WEB_CONCURRENCY", "")
    processes = int(named) if named.isdecimal() else 1
    for alias, database in _our_databases():
        if alias in (databases or ()) and connections[alias].vendor == "postgresql":
            pool = database["OPTIONS"].get("pool")
            size = {"max_size": 40, **(pool if isinstance(pool, dict) else {})}["max_size"]
            allowed = _allowed_connections(alias)
            if isinstance(size, int) and size * processes > allowed:
                yield (
                    f"DATABASES[{alias!r}] has a pool of up to {size} connections in each of "
                    f"{processes} processes (WEB_CONCURRENCY); the server allows {allowed} in all."
                )


def _our_databases() -> Iterator[tuple[str, dict[str, Any]]]:
    for alias, database in connections.settings.items():
        engine = database["ENGINE"]
        if engine != "django.db.backends.dummy" and patches.is_of_ours(engine):
            yield alias, database


async def _pool_error(alias: str) -> Exception | None:
    wrapper: Any = connections.create_connection(alias)
    try:
        wrapper.make_pool()
    except (ImproperlyConfigured, TypeError, ValueError) as error:
        return error
    return None


def _allowed_connections(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        allowed: int = cursor.fetchone()[0]
    return allowed


def _async_views_within(aliases: set[str], resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _async_views_within(aliases, pattern)
        elif isinstance(pattern, URLPattern) and inspect.iscoroutinefunction(pattern.callback):
            exempt: set[str] = getattr(pattern.callback, "_non_atomic_requests", set())
            if aliases - exempt:
                yield pattern.lookup_str
