"""Django, configured for the runtime's tests on the embedded PostgreSQL.

Settings are configured when this file is imported (at collection, so that test modules can import
models); the server starts and the test database is made when the first test runs. Tests may be
Django ``TestCase`` classes or plain functions; a function that leaves rows behind asks for
``clean_tables``. Async test functions need no plugin: call ``asyncio.run`` or use the ``loop_run``
fixture.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings

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
    """Empty every table after the test, for tests that commit."""
    from django.core.management import call_command

    yield
    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def loop_run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on a new event loop and return its result."""
    return asyncio.run
