"""Each check finds its mistake, says what to change, and leaves a sound project alone."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from django.core import checks as django_checks
from django.db import connection, connections, transaction
from django.db.backends.postgresql import base as stock
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from django_unblock import checks
from django_unblock.db.postgresql.base import DatabaseWrapper as Wrapper

OURS = "django_unblock.db.postgresql"


def database(**values: Any) -> Any:
    changed = {**connections.settings["default"], "ENGINE": OURS, **values}
    return mock.patch.dict(connections.settings, default=changed)


def messages(check: Callable[..., list[Any]]) -> list[tuple[str, str]]:
    found = check()
    assert all(message.hint for message in found if message.id != "unblock.E001")
    return [(message.id, message.msg) for message in found]


async def async_view(request: Any) -> HttpResponse:
    return HttpResponse()


@transaction.non_atomic_requests
async def exempt_view(request: Any) -> HttpResponse:
    return HttpResponse()


def sync_view(request: Any) -> HttpResponse:
    return HttpResponse()


class WithAsync:
    urlpatterns = (path("a/", include([path("b/", async_view)])), path("c/", exempt_view))


class WithoutAsync:
    urlpatterns = (path("a/", sync_view), path("c/", exempt_view))


def test_the_checks_are_registered() -> None:
    registered = django_checks.registry.registry.get_checks()
    names = [name for name in dir(checks) if name.startswith("check_")]
    assert len(names) == 9
    assert {getattr(checks, name) for name in names} <= set(registered)


def test_a_sound_project_gets_no_message() -> None:
    with database():
        for name in dir(checks):
            if name.startswith("check_"):
                assert messages(getattr(checks, name)) == []


@pytest.mark.parametrize("wrong", [{"SYNC_VIEW": "loop"}, {"SYNC_VIEWS": "pool"}, [], None])
def test_unblock_settings(wrong: Any) -> None:
    with override_settings(UNBLOCK=wrong):
        ((code, said),) = messages(checks.check_settings)
    assert code == "unblock.E001"
    assert "UNBLOCK" in said


@pytest.fixture(autouse=True)
def backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """`mysite.mysql`, an engine of the project's own; `mysite.pooling`, made from one of ours."""
    for name, wrapper in (("mysql", stock.DatabaseWrapper), ("pooling", Wrapper)):
        module = SimpleNamespace(DatabaseWrapper=wrapper)
        monkeypatch.setitem(sys.modules, f"mysite.{name}.base", cast("Any", module))


@pytest.mark.parametrize(
    ("engine", "code", "ours"),
    [
        ("django.db.backends.postgresql", "unblock.W002", "django_unblock.db.postgresql"),
        ("django.db.backends.sqlite3", "unblock.W002", "django_unblock.db.sqlite3"),
        ("mysite.mysql", "unblock.W003", "has none for it"),
    ],
)
def test_engine(engine: str, code: str, ours: str) -> None:
    with database(ENGINE=engine):
        (message,) = checks.check_engine()
    assert message.id == code
    assert engine in message.msg
    assert ours in message.hint


@pytest.mark.parametrize("engine", [OURS, "django.db.backends.dummy", "mysite.pooling"])
def test_engine_left_alone(engine: str) -> None:
    with database(ENGINE=engine):
        assert messages(checks.check_engine) == []


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ({"max_sise": 4}, "max_sise"),
        ({"max_size": 4, "min_size": 5}, "max_size must be greater"),
        ({"max_size": 0}, "max_size"),
        ({"max_size": "4"}, "'<' not supported"),
    ],
)
def test_pool(pool: Any, said: str) -> None:
    with database(OPTIONS={"pool": pool}):
        ((code, message),) = messages(checks.check_pool)
    assert code == "unblock.E004"
    assert said in message


@pytest.mark.parametrize("pool", [True, {}, {"max_size": 4, "timeout": 2.5}])
@pytest.mark.parametrize("engine", [OURS, "django_unblock.db.sqlite3"])
def test_pool_left_alone(pool: Any, engine: str) -> None:
    with database(OPTIONS={"pool": pool}, ENGINE=engine):
        assert messages(checks.check_pool) == []


def max_connections(**pool: int) -> list[Any]:
    with database(OPTIONS={"pool": pool}):
        return checks.check_max_connections(databases=["default"])


def test_max_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max_connections(max_size=40) == []
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    (message,) = max_connections(max_size=40)
    assert message.id == "unblock.W010"
    assert "up to 40 connections in each of 4 processes" in message.msg
    assert max_connections(max_size=4) == []


def test_max_connections_is_not_asked_of_a_database_that_is_not_checked() -> None:
    with database(OPTIONS={"pool": {"max_size": 4000}}), connection.execute_wrapper(no_query):
        assert checks.check_max_connections() == []


def no_query(*arguments: Any) -> None:
    raise AssertionError(arguments)


@pytest.mark.parametrize("age", [60, None])
def test_conn_max_age(age: int | None) -> None:
    with database(CONN_MAX_AGE=age):
        assert [code for code, _ in messages(checks.check_conn_max_age)] == ["unblock.W005"]
    with database(CONN_MAX_AGE=age, ENGINE="django.db.backends.postgresql"):
        assert messages(checks.check_conn_max_age) == []


def test_atomic_requests_with_async_views() -> None:
    with database(ATOMIC_REQUESTS=True), override_settings(ROOT_URLCONF=WithAsync):
        ((code, said),) = messages(checks.check_atomic_requests)
    assert code == "unblock.W006"
    assert "async_view" in said


@pytest.mark.parametrize(("on", "urls"), [(True, WithoutAsync), (False, WithAsync)])
def test_atomic_requests_left_alone(on: bool, urls: Any) -> None:
    with database(ATOMIC_REQUESTS=on), override_settings(ROOT_URLCONF=urls):
        assert messages(checks.check_atomic_requests) == []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "checkedproject"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with override_settings(ROOT_URLCONF="checkedproject.urls", WSGI_APPLICATION=None):
        yield package
    sys.modules.pop("checkedproject", None)


def test_asgi_file_with_djangos_application(project: Path) -> None:
    asgi = project / "asgi.py"
    asgi.write_text("import os\nfrom django.core.asgi import get_asgi_application\n")
    ((code, said),) = messages(checks.check_asgi_application)
    assert code == "unblock.W007"
    assert f"{asgi}:2" in said


@pytest.mark.parametrize(
    "source", ["from django_unblock.asgi import get_asgi_application\n", "def broken(:\n", None]
)
def test_asgi_file_left_alone(project: Path, source: str | None) -> None:
    if source is not None:
        (project / "asgi.py").write_text(source)
    assert messages(checks.check_asgi_application) == []


def test_gevent(monkeypatch: pytest.MonkeyPatch) -> None:
    patched = SimpleNamespace(is_module_patched=lambda name: name == "socket")
    monkeypatch.setitem(sys.modules, "gevent.monkey", patched)
    ((code, said),) = messages(checks.check_greenlet_rivals)
    assert (code, "gevent" in said) == ("unblock.E008", True)


def test_async_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    assert [code for code, _ in messages(checks.check_async_unsafe)] == ["unblock.W009"]
