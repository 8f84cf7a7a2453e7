"""Each mistake in the databases' settings is found, with what to change; a sound project is left alone."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from django.db import connection, connections, transaction
from django.db.backends.postgresql import base as stock
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from django_unblock.checks import databases
from django_unblock.db.postgresql.base import DatabaseWrapper as Wrapper

OURS = "django_unblock.db.postgresql"


def database(**values: Any) -> Any:
    changed = {**connections.settings["default"], "ENGINE": OURS, **values}
    return mock.patch.dict(connections.settings, default=changed)


def messages(check: Callable[..., list[Any]]) -> list[tuple[str, str]]:
    found = check()
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


@pytest.mark.parametrize("wrong", [{"SYNC_VIEW": "loop"}, {"SYNC_VIEWS": "pool"}, [], None])
def test_unblock_settings(wrong: Any) -> None:
    with override_settings(UNBLOCK=wrong):
        ((code, said),) = messages(databases.check_settings)
    assert code == "unblock.E001"
    assert "UNBLOCK" in said


@pytest.fixture(autouse=True)
def backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """`mysite.mysql`, an engine of the project's own; `mysite.pooling`, made from one of ours."""
    for name, wrapper in (("mysql", stock.DatabaseWrapper), ("pooling", Wrapper)):
        module = SimpleNamespace(DatabaseWrapper=wrapper)
        monkeypatch.setitem(sys.modules, f"mysite.{name}.base", cast("Any", module))


@pytest.mark.parametrize("engine", ["django.db.backends.postgresql", "mysite.mysql"])
def test_engine(engine: str) -> None:
    with database(ENGINE=engine):
        ((code, said),) = messages(databases.check_engine)
    assert code == "unblock.W002"
    assert engine in said


@pytest.mark.parametrize("engine", [OURS, "django.db.backends.dummy", "mysite.pooling"])
def test_engine_left_alone(engine: str) -> None:
    with database(ENGINE=engine):
        assert messages(databases.check_engine) == []


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
        ((code, message),) = messages(databases.check_pool)
    assert code == "unblock.E003"
    assert said in message


@pytest.mark.parametrize("pool", [True, {}, {"max_size": 4, "timeout": 2.5}])
@pytest.mark.parametrize("engine", [OURS, "django_unblock.db.sqlite3"])
def test_pool_left_alone(pool: Any, engine: str) -> None:
    with database(OPTIONS={"pool": pool}, ENGINE=engine):
        assert messages(databases.check_pool) == []


def max_connections(**pool: Any) -> list[Any]:
    with database(OPTIONS={"pool": pool}):
        return databases.check_max_connections(databases=["default"])


def test_max_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max_connections(max_size=40) == []
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    (message,) = max_connections(max_size=40)
    assert message.id == "unblock.W009"
    assert "up to 40 connections in each of 4 processes" in message.msg
    assert max_connections(max_size=4) == []
    monkeypatch.setenv("WEB_CONCURRENCY", "auto")
    assert max_connections(max_size=40) == []


def test_max_connections_leaves_a_wrong_pool_to_the_other_check() -> None:
    assert max_connections(max_size="40") == []


def test_max_connections_is_not_asked_of_a_database_that_is_not_checked() -> None:
    with database(OPTIONS={"pool": {"max_size": 4000}}), connection.execute_wrapper(no_query):
        assert databases.check_max_connections() == []


def no_query(*arguments: Any) -> None:
    raise AssertionError(arguments)


@pytest.mark.parametrize("age", [60, None])
def test_conn_max_age(age: int | None) -> None:
    with database(CONN_MAX_AGE=age):
        assert [code for code, _ in messages(databases.check_conn_max_age)] == ["unblock.W004"]
    with database(CONN_MAX_AGE=age, ENGINE="django.db.backends.postgresql"):
        assert messages(databases.check_conn_max_age) == []


def test_atomic_requests_with_async_views() -> None:
    with database(ATOMIC_REQUESTS=True), override_settings(ROOT_URLCONF=WithAsync):
        ((code, said),) = messages(databases.check_atomic_requests)
    assert code == "unblock.W005"
    assert "async_view" in said


@pytest.mark.parametrize(("on", "urls"), [(True, WithoutAsync), (False, WithAsync)])
def test_atomic_requests_left_alone(on: bool, urls: Any) -> None:
    with database(ATOMIC_REQUESTS=on), override_settings(ROOT_URLCONF=urls):
        assert messages(databases.check_atomic_requests) == []
