"""Projects that our ASGI application serves, or refuses to, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

PROJECT = """
import asyncio, sys
sys.path.insert(0, {here!r})
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, {settings})
from asgi_client import Client
from django.http import HttpResponse
from django.urls import path
from django_unblock.asgi import get_asgi_application

urlpatterns = [path("", lambda request: HttpResponse("served"))]
print(asyncio.run(Client(get_asgi_application()).get("/")).body.decode())
"""


def run(settings: str) -> tuple[str, str]:
    """What is printed, and the last line of what is told as an error."""
    source = PROJECT.format(here=str(Path(__file__).parent), settings=settings)
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    return done.stdout.strip(), (done.stderr.splitlines() or [""])[-1]


def test_without_a_database() -> None:
    assert run('INSTALLED_APPS=["django_unblock"]') == ("served", "")


def test_without_the_app() -> None:
    printed, told = run('DATABASES={"default": {"ENGINE": "django_unblock.db.sqlite3"}}')
    assert printed == ""
    assert "ImproperlyConfigured: R505: " in told
    assert '"django_unblock" in INSTALLED_APPS' in told
