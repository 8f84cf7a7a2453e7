"""Who else could serve the project is found; a project that serves itself with ours is left alone."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import override_settings

from django_unblock.checks import serving


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "checkedproject"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with override_settings(ROOT_URLCONF="checkedproject.urls"):
        yield package
    sys.modules.pop("checkedproject", None)


def test_asgi_file_with_djangos_application(project: Path) -> None:
    asgi = project / "asgi.py"
    asgi.write_text("import os\nfrom django.core.asgi import get_asgi_application\n")
    (message,) = serving.check_asgi_application()
    assert message.id == "unblock.W006"
    assert f"{asgi}:2" in message.msg


def test_the_named_asgi_application(project: Path) -> None:
    (project / "serve.py").write_text("from django.core.asgi import get_asgi_application\n")
    assert serving.check_asgi_application() == []
    with override_settings(ASGI_APPLICATION="checkedproject.serve.application"):
        assert len(serving.check_asgi_application()) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from django_unblock.asgi import get_asgi_application\n",
        "# from django.core.asgi import\n",
        None,
    ],
)
def test_asgi_file_left_alone(project: Path, source: str | None) -> None:
    if source is not None:
        (project / "asgi.py").write_text(source)
    assert serving.check_asgi_application() == []


@pytest.mark.parametrize("rival", ["gevent._socket3", "eventlet.greenio.base"])
def test_replaced_sockets(rival: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", SimpleNamespace(__module__=rival))
    (message,) = serving.check_greenlet_rivals()
    assert message.id == "unblock.E007"
    assert rival.partition(".")[0] in message.msg


def test_pythons_own_sockets_are_left_alone() -> None:
    assert serving.check_greenlet_rivals() == []


def test_async_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serving.check_async_unsafe() == []
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    (message,) = serving.check_async_unsafe()
    assert message.id == "unblock.W008"
