"""Middleware that shares what it should not, or blocks, is found; other middleware is left alone."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgi_client import Client
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import override_settings

from django_unblock import offload
from django_unblock.asgi import get_asgi_application
from django_unblock.checks.middleware import check_blocking_middleware, check_thread_locals

CLASS = """
class Middleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        {body}
        return self.get_response(request)
"""
FACTORY = """
def Middleware(get_response):
    def middleware(request):
        {body}
        return get_response(request)
    return middleware
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project whose setting names `checkedmiddleware.first.Middleware`."""
    package = tmp_path / "checkedmiddleware"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with override_settings(MIDDLEWARE=["checkedmiddleware.first.Middleware"]):
        yield package
    for name in [name for name in sys.modules if name.startswith("checkedmiddleware")]:
        del sys.modules[name]


def thread_locals() -> list[str]:
    found = check_thread_locals()
    assert all(message.id == "unblock.W010" and message.hint for message in found)
    return [message.msg for message in found]


def blocking() -> list[str]:
    found = check_blocking_middleware()
    assert all(message.id == "unblock.W011" and message.hint for message in found)
    return [message.msg for message in found]


def test_djangos_own_middleware_is_left_alone() -> None:
    assert thread_locals() == blocking() == []


class TestThreadLocals:
    @pytest.mark.parametrize(
        "made",
        [
            "from threading import local\nstate = local()",
            "import threading\nclass State(threading.local):\n    user = None\nstate = State()",
        ],
    )
    def test_in_the_middlewares_module(self, project: Path, made: str) -> None:
        (project / "first.py").write_text(made + CLASS.format(body="state.user = request.user"))
        (message,) = thread_locals()
        assert "checkedmiddleware.first.Middleware uses" in message
        assert "the thread-local checkedmiddleware.first.state." in message

    def test_in_the_class(self, project: Path) -> None:
        source = CLASS.format(body="") + "    state = threading.local()\n"
        (project / "first.py").write_text("import threading\n" + source)
        (message,) = thread_locals()
        assert "Middleware.state" in message

    @pytest.mark.parametrize(
        "used",
        [
            "from checkedmiddleware.current import state",
            "from checkedmiddleware.current import set_user",
            "from checkedmiddleware import current",
        ],
    )
    def test_in_a_module_that_it_uses(self, project: Path, used: str) -> None:
        (project / "current.py").write_text(
            "import threading\nstate = threading.local()\ndef set_user(user):\n    pass\n"
        )
        (project / "first.py").write_text(used + FACTORY.format(body=""))
        (message,) = thread_locals()
        assert "current.state" in message or "first.state" in message

    @pytest.mark.parametrize(
        "made",
        [
            "from contextvars import ContextVar\nstate = ContextVar('state')",
            "from asgiref.local import Local\nstate = Local()",
            "import asyncio, decimal, logging\nfrom django.db import connection",
            "import threading\nstate = threading.Lock()",
        ],
    )
    def test_left_alone(self, project: Path, made: str) -> None:
        (project / "first.py").write_text(made + CLASS.format(body=""))
        assert thread_locals() == []


class TestBlocking:
    @pytest.mark.parametrize("kind", [CLASS, FACTORY])
    @pytest.mark.parametrize(
        ("imports", "call"),
        [
            ("import time", "time.sleep"),
            ("from time import sleep", "sleep"),
            ("import requests", "requests.get"),
            ("from requests import post as send", "send"),
            ("from urllib import request as r", "r.urlopen"),
            ("import subprocess", "subprocess.run"),
        ],
    )
    def test_is_named_with_its_line(
        self, project: Path, kind: str, imports: str, call: str
    ) -> None:
        source = imports + kind.format(body=f"{call}(1)")
        (project / "first.py").write_text(source)
        line = 1 + source[: source.index(f"{call}(1)")].count("\n")
        (message,) = blocking()
        assert f"checkedmiddleware.first.Middleware calls {call} (" in message
        assert f"{project / 'first.py'}:{line})" in message

    @pytest.mark.parametrize(
        "body",
        [
            "get_current_site(request)",
            "requests.utils.quote('/')",
            "async_to_sync(http.get)('/')",
            "time.monotonic()",
            "self.sleep(1)",
            "nobody.sleep(1)",
        ],
    )
    def test_left_alone(self, project: Path, body: str) -> None:
        imports = (
            "import time, requests\nfrom asgiref.sync import async_to_sync\n"
            "from django_unblock import http\n"
            "from django.contrib.sites.shortcuts import get_current_site\n"
        )
        (project / "first.py").write_text(imports + CLASS.format(body=body))
        assert blocking() == []

    def test_async_middleware_that_awaits_is_left_alone(self, project: Path) -> None:
        body = "await asyncio.sleep(1)"
        source = FACTORY.format(body=body).replace("    def mid", "    async def mid")
        (project / "first.py").write_text("import asyncio" + source)
        assert blocking() == []


@pytest.mark.parametrize("text", [None, "Middleware = object()\n", "import nothing_like_it\n"])
def test_what_cannot_be_read_is_djangos_to_tell(project: Path, text: str | None) -> None:
    if text is not None:
        (project / "first.py").write_text(text)
    assert thread_locals() == blocking() == []


meeting = threading.Barrier(2)


def meet(get_response: Any) -> Any:
    """Middleware that waits in the way that the check's hint says, for another request to come."""

    def middleware(request: Any) -> HttpResponse:
        async_to_sync(offload(meeting.wait))(10)
        return HttpResponse("met")

    return middleware


@override_settings(MIDDLEWARE=[f"{__name__}.meet"])
async def test_what_the_hint_says_lets_other_requests_run() -> None:
    client = Client(get_asgi_application())
    answers = await asyncio.gather(client.get("/"), client.get("/"))
    assert [answer.body for answer in answers] == [b"met", b"met"]
    assert check_blocking_middleware() == []
