"""Django, configured for the runtime's tests on the embedded PostgreSQL.

Settings are configured when this file is imported (at collection, so that test modules can import
models); the server starts and the test database is made when the first test runs. Tests may be
Django ``TestCase`` classes or plain functions, async ones too; a function that leaves rows behind asks
for ``clean_tables``.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.management.color import no_style

sys.path.insert(0, str(Path(__file__).parent))

if not settings.configured:
    from testapp import settings as project

    settings.configure(**{name: getattr(project, name) for name in dir(project) if name.isupper()})
    django.setup()


@pytest.fixture(scope="session", autouse=True)
def database(postgres_settings: dict[str, str]) -> Iterator[None]:
    """The test database, made once for the session on the embedded server."""
    from django.db import connection, connections
    from django.test.utils import setup_test_environment, teardown_test_environment

    connections.settings["default"].update(postgres_settings)
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    yield
    connections.close_all()
    connection.creation.destroy_test_db("unblock", verbosity=0)
    teardown_test_environment()


@pytest.fixture
def clean_tables() -> Iterator[None]:
    """Empty the tables after the test, for tests that commit."""
    from django.apps import apps
    from django.db import connection

    yield
    emptied = [*apps.get_app_config("testapp").get_models(include_auto_created=True)]
    emptied += [apps.get_model("auth", "User"), apps.get_model("sessions", "Session")]
    tables = [model._meta.db_table for model in emptied]
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
    )


@pytest.fixture
def postgresql() -> None:
    """Skip the test where it runs on another engine: what it is about is PostgreSQL's."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip(f"{connection.display_name} has nothing like it")


@pytest.fixture
def loop_run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on a new event loop and return its result."""
    return asyncio.run


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an async test function on a new event loop."""
    if not iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
