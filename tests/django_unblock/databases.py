"""Other databases than the PostgreSQL one of the session, for tests of the other engines."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.signals import connection_created

from django_unblock.scopes import settings_changed

WAL = {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE", "timeout": 20}


@contextmanager
def as_default(**settings: Any) -> Iterator[None]:
    """Have the alias ``default`` be that database, for a while."""
    session = connections["default"]
    kept = connections.settings["default"]
    connections.settings["default"] = {**kept, "OPTIONS": {}, **settings}
    del connections["default"]
    _forget()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = kept
        connections["default"] = session
        _forget()


def made(**settings: Any) -> dict[str, Any]:
    """Make the tables in that database and return its settings."""
    with as_default(**settings):
        call_command("migrate", run_syncdb=True, verbosity=0)
    return settings


def _forget() -> None:
    """Forget what was made of the database that was ``default`` before."""
    settings_changed()
    apps.get_model("contenttypes", "ContentType").objects.clear_cache()


def _add_functions(*, connection: Any, **_kwargs: Any) -> None:
    """Give SQLite what the tests have the other servers do: tell the time and sleep."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("clock", 0, time.monotonic)
        connection.connection.create_function("nap", 1, _nap)


def _nap(left: float) -> float:
    time.sleep(min(left, 0.01))
    return left - 0.01


connection_created.connect(_add_functions)
