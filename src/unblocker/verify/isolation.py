"""The project's settings, bent before Django starts so that workers share nothing."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test.utils import setup_test_environment

from unblocker.verify.protocol import DatabasePlace

_LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
_KEPT_OF_CACHE = frozenset({"TIMEOUT", "KEY_PREFIX", "VERSION"})
_OWN_CACHES = frozenset(
    {
        _LOCAL_CACHE,
        "django.core.cache.backends.dummy.DummyCache",
        "django.core.cache.backends.db.DatabaseCache",
    }
)


def isolate(databases: Iterable[DatabasePlace], media: Path, *, keeps_connections: bool) -> None:
    """Give the project this worker's databases, caches and media folder; call before `django.setup()`.

    With `keeps_connections` one connection serves all requests: making one costs more than most requests.

    Raises:
        LookupError: DATABASES has an alias that `databases` lacks: the project would write to it for real.
    """
    places = {place.alias: place for place in databases}
    if shared := sorted(settings.DATABASES.keys() - places.keys()):
        raise LookupError(f"no clone was given for {', '.join(shared)} of DATABASES")
    for place in places.values():
        settings.DATABASES[place.alias].update(_address(place))
        if keeps_connections:
            settings.DATABASES[place.alias]["CONN_MAX_AGE"] = None
    settings.CACHES = {
        alias: _own_cache(alias, config) for alias, config in settings.CACHES.items()
    }
    settings.MEDIA_ROOT = str(media)
    settings.STORAGES = {
        alias: _own_storage(config, media / alias) for alias, config in settings.STORAGES.items()
    }


def observe(databases: Iterable[DatabasePlace]) -> None:
    """Keep mail in memory, tell of rendered templates, show no debug pages; call after `django.setup()`.

    CSRF checks are off, as in Django's test client: no test's request can hold a token it never saw.

    Raises:
        NotImplementedError: a database is of another kind than its clone.
    """
    from django.db import connections
    from django.http import HttpRequest

    for place in databases:
        if (vendor := connections[place.alias].vendor) != place.vendor:
            raise NotImplementedError(
                f"{place.alias} is {vendor}, which verify can't clone: PostgreSQL and SQLite only"
            )
    setup_test_environment(debug=False)
    HttpRequest._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # what CsrfViewMiddleware looks for


def _address(place: DatabasePlace) -> dict[str, str]:
    if place.vendor == "sqlite":
        return {"NAME": place.name}
    port = str(place.port)
    user, password = place.user, place.password
    return {
        "NAME": place.name,
        "HOST": place.host,
        "PORT": port,
        "USER": user,
        "PASSWORD": password,
    }


def _own_cache(alias: str, config: dict[str, Any]) -> dict[str, Any]:
    if config["BACKEND"] in _OWN_CACHES:
        return config
    kept = {key: value for key, value in config.items() if key in _KEPT_OF_CACHE}
    return {**kept, "BACKEND": _LOCAL_CACHE, "LOCATION": f"unblock-{alias}"}


def _own_storage(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    options = config.get("OPTIONS", {})
    if "location" not in options:
        return config
    return {**config, "OPTIONS": {**options, "location": str(folder)}}
