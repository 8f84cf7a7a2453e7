"""Each check finds its mistake, says what to change, and leaves a sound project alone."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core import checks as django_checks
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from django_unblock import checks

OURS = "django_unblock.db.postgresql"


def database(**values: Any) -> Any:
    return mock.patch.object(settings, "DATABASES", {"default": {"ENGINE": OURS, **values}})


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
    assert len(names) == 8
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


@pytest.mark.parametrize(
    ("engine", "code"),
    [
        (OURS, None),
        ("django.db.backends.dummy", None),
        ("django.db.backends.postgresql", "unblock.W002"),
        ("django_unblock.db.postgis", None),
        ("django_unblock.db.mysql", None),
        ("django_unblock.db.sqlite3", None),
        ("django.contrib.gis.db.backends.postgis", "unblock.W002"),
        ("django.db.backends.mysql", "unblock.W002"),
        ("django.db.backends.sqlite3", "unblock.W002"),
        ("django.db.backends.oracle", "unblock.W003"),
        ("mysite.backend", "unblock.W003"),
    ],
)
def test_engine(engine: str, code: str | None) -> None:
    with database(ENGINE=engine):
        assert [code for code, _ in messages(checks.check_engine)] == ([code] if code else [])


def test_driver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda name: name == "psycopg2" or None)
    with database():
        ((code, said),) = messages(checks.check_driver)
    assert code == "unblock.E004"
    assert "psycopg and psycopg_pool" in said
    assert "psycopg2" in said


@pytest.mark.parametrize("engine", ["django.db.backends.sqlite3", "django_unblock.db.sqlite3"])
def test_driver_is_not_needed_for_another_engine(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    with database(ENGINE=engine):
        assert messages(checks.check_driver) == []


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
