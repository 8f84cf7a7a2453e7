"""The user's database is never asked for anything, whoever tries."""

from pathlib import Path

import pytest

from .projects import SETTINGS, Ended, make, survey

READY = """
from django.apps import AppConfig

class Config(AppConfig):
    name = "app"

    def ready(self):
        from app.models import Thing
        {body}
"""
SQLITE = SETTINGS.replace("backends.postgresql", "backends.sqlite3").replace(
    "nobody", "found.sqlite3"
)
OURS = SETTINGS.replace("django.db.backends", "django_unblock.db")


def with_ready(folder: Path, body: str, settings: str = SETTINGS) -> Ended:
    lines = "\n        ".join(body.strip().splitlines())
    return survey(make(folder, {"app/apps.py": READY.format(body=lines), "conf.py": settings}))


WAYS = {
    "a queryset": "list(Thing.objects.all())",
    "a cursor": "from django.db import connection\nconnection.cursor()",
    "a connection": "from django.db import connections\nconnections['default'].connect()",
    "a copy": "from django.db import connection\nconnection.copy().ensure_connection()",
    "a transaction": "from django.db import transaction\nwith transaction.atomic(): pass",
    "a coroutine": "import asyncio\nasyncio.run(Thing.objects.acount())",
    "a thread's result": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as threads: threads.submit(Thing.objects.count).result()"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_query_in_ready_ends_the_survey_with_its_place(tmp_path: Path, way: str) -> None:
    ended = with_ready(tmp_path / "project", WAYS[way])
    assert ended.code == "U024"
    assert "error: U024 app/apps.py:" in ended.errors


@pytest.mark.parametrize("settings", [SQLITE, OURS], ids=["sqlite", "the runtime's"])
def test_whatever_the_engine(tmp_path: Path, settings: str) -> None:
    assert with_ready(tmp_path / "project", WAYS["a queryset"], settings).code == "U024"
    assert list(tmp_path.rglob("found.sqlite3")) == []


CALM = {
    "it is prepared": (
        "from django.db import OperationalError\n"
        "try: list(Thing.objects.all())\n"
        "except OperationalError: pass"
    ),
    "a thread": (
        "import threading\n"
        "one = threading.Thread(target=lambda: list(Thing.objects.all()))\n"
        "one.start(); one.join()"
    ),
}


@pytest.mark.parametrize("how", CALM)
def test_a_project_that_takes_it_calmly_is_surveyed(tmp_path: Path, how: str) -> None:
    ended = with_ready(tmp_path / "project", CALM[how])
    assert [(one.code, str(one.place).partition(":")[0]) for one in ended.problems()] == [
        ("U421", "app/apps.py")
    ]
    assert "Traceback" not in ended.errors
    assert ended.view("fine").function


def test_threads_of_the_project_do_not_keep_the_survey_from_ending(tmp_path: Path) -> None:
    body = """
import threading, time
def work():
    while True:
        time.sleep(0.01)
        try: list(Thing.objects.all())
        except Exception: pass
threading.Thread(target=work).start()
"""
    ended = with_ready(tmp_path / "project", body, SQLITE)
    assert ended.view("fine").function
    assert list(tmp_path.rglob("found.sqlite3")) == []


def test_a_query_when_a_module_of_urls_is_imported(tmp_path: Path) -> None:
    urls = "from app.models import Thing\n\nurlpatterns = [one for one in Thing.objects.all()]\n"
    ended = survey(make(tmp_path / "project", {"urls.py": urls}))
    assert ended.code == "U024"
    assert "error: U024 urls.py:3" in ended.errors


PAST_DJANGO = {
    "sqlite": "import sqlite3\nsqlite3.connect('found.sqlite3')",
    "sqlite's class": "import sqlite3\nsqlite3.Connection('found.sqlite3')",
    "psycopg": "import psycopg\npsycopg.connect('dbname=nobody')",
    "psycopg's class": "from psycopg import Connection\nConnection.connect('dbname=nobody')",
    "psycopg awaited": (
        "import asyncio, psycopg\nasyncio.run(psycopg.AsyncConnection.connect('dbname=nobody'))"
    ),
}


@pytest.mark.parametrize("driver", PAST_DJANGO)
def test_a_driver_that_is_asked_past_django_refuses(tmp_path: Path, driver: str) -> None:
    ended = with_ready(tmp_path / "project", PAST_DJANGO[driver], SQLITE)
    assert ended.code == "U024"
    assert "error: U024 app/apps.py:10" in ended.errors
    assert list(tmp_path.rglob("found.sqlite3")) == []


@pytest.mark.parametrize("driver", ["sqlite3", "psycopg"])
def test_who_handles_the_drivers_errors_is_surveyed(tmp_path: Path, driver: str) -> None:
    body = f"import {driver}\ntry: {driver}.connect('x')\nexcept {driver}.OperationalError: pass"
    ended = with_ready(tmp_path / "project", body, SQLITE)
    assert [(one.code, str(one.place)[:14]) for one in ended.problems()] == [
        ("U421", "app/apps.py:10")
    ]
    assert ended.view("fine").function


def test_sqlite_in_memory_is_nobodys_database(tmp_path: Path) -> None:
    body = "import sqlite3\nsqlite3.connect(':memory:').execute('select 1')"
    ended = with_ready(tmp_path / "project", body, SQLITE)
    assert ended.problems() == []
    assert ended.view("fine").function
