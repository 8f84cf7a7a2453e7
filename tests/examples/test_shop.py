"""The sample shop keeps its promises: its own suite, its seed data and its recorded traffic."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import psycopg.sql
import pytest

from unblocker.config import BenchEntry, load_config
from unblocker.records.traffic import Request
from unblocker.traffic import load_traffic

SHOP = Path(__file__).parents[2] / "examples" / "shop"
VIEWS_OF_PATHS = """
import json, sys
import django
from django.urls import resolve
django.setup()
views = {}
for path in json.load(sys.stdin):
    view = resolve(path).func
    view = getattr(view, "view_class", view)
    views[path] = f"{view.__module__}.{view.__qualname__}"
json.dump(views, sys.stdout)
"""
VIEWS_OF_THE_SHOP = """
import json, sys
import django
from django.urls import get_resolver
django.setup()
def callbacks(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from callbacks(pattern.url_patterns)
        else:
            yield getattr(pattern.callback, "view_class", pattern.callback)
views = {f"{view.__module__}.{view.__qualname__}" for view in callbacks(get_resolver().url_patterns)}
json.dump(sorted(view for view in views if not view.startswith("django.")), sys.stdout)
"""


@pytest.fixture(scope="module")
def environment(postgres_settings: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the shop finds the test session's server."""
    database = {f"SHOP_DATABASE_{key}": value for key, value in postgres_settings.items()}
    return {
        **os.environ,
        **database,
        "SHOP_DATABASE_NAME": "shop",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }


def run_in_shop(
    environment: dict[str, str], *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=SHOP,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def manage(environment: dict[str, str], *arguments: str) -> str:
    """The command's standard output; a failure shows its errors."""
    done = run_in_shop(environment, "manage.py", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def seeded(
    postgres_uri: str, environment: dict[str, str]
) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Connections to two databases, each seeded by a process of its own."""
    with psycopg.connect(postgres_uri, autocommit=True) as server:
        server.execute("CREATE DATABASE shop_one")
        manage({**environment, "SHOP_DATABASE_NAME": "shop_one"}, "migrate", "--noinput")
        server.execute("CREATE DATABASE shop_two TEMPLATE shop_one")
        for name in ("shop_one", "shop_two"):
            manage({**environment, "SHOP_DATABASE_NAME": name}, "seed")
        with (
            psycopg.connect(postgres_uri, dbname="shop_one", autocommit=True) as one,
            psycopg.connect(postgres_uri, dbname="shop_two", autocommit=True) as two,
        ):
            yield one, two
        server.execute("DROP DATABASE shop_one")
        server.execute("DROP DATABASE shop_two")


def contents(connection: psycopg.Connection) -> dict[str, str]:
    """A digest of every table, but for the one that says when the migrations ran."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    ).fetchall()
    return {table: digest(connection, table) for (table,) in tables}


def digest(connection: psycopg.Connection, table: str) -> str:
    digest = hashlib.sha256()
    query = psycopg.sql.SQL("COPY (SELECT * FROM {} ORDER BY 1) TO STDOUT")
    with connection.cursor().copy(query.format(psycopg.sql.Identifier(table))) as rows:
        for row in rows:
            digest.update(row)
    return digest.hexdigest()


@pytest.fixture(scope="module")
def traffic() -> tuple[Request, ...]:
    return load_traffic(SHOP / "traffic.jsonl").requests


@pytest.fixture(scope="module")
def bench() -> tuple[BenchEntry, ...]:
    demo = load_config(SHOP).demo
    assert demo is not None
    return demo.bench


def views_of(environment: dict[str, str], paths: list[str]) -> dict[str, str]:
    bare = sorted({path.partition("?")[0] for path in paths})
    done = run_in_shop(environment, "-c", VIEWS_OF_PATHS, stdin=json.dumps(bare))
    assert done.returncode == 0, done.stderr
    views: dict[str, str] = json.loads(done.stdout)
    return views


def test_its_own_suite_passes(environment: dict[str, str]) -> None:
    done = run_in_shop(environment, "manage.py", "test", "--noinput")
    assert done.returncode == 0, done.stderr
    ran = re.search(r"^Ran (\d+) tests", done.stderr, re.MULTILINE)
    assert ran is not None, done.stderr
    assert int(ran[1]) >= 40


def test_its_migrations_are_complete(environment: dict[str, str]) -> None:
    assert "No changes detected" in manage(
        {**environment, "SHOP_DATABASE_NAME": "postgres"}, "makemigrations", "--check", "--dry-run"
    )


def test_the_seed_is_the_same_each_time(
    seeded: tuple[psycopg.Connection, psycopg.Connection],
) -> None:
    one, two = (contents(connection) for connection in seeded)
    assert "orders_order" in one
    assert {table for table in one if one[table] != two[table]} == set()


def test_the_traffic_is_made_by_users_of_the_seed(
    seeded: tuple[psycopg.Connection, psycopg.Connection], traffic: tuple[Request, ...]
) -> None:
    rows = seeded[0].execute("SELECT username FROM auth_user").fetchall()
    known = {username for (username,) in rows}
    assert {request.as_user for request in traffic} - {None} <= known


def test_the_traffic_reaches_every_view(
    environment: dict[str, str], traffic: tuple[Request, ...]
) -> None:
    reached = views_of(environment, [request.path for request in traffic])
    done = run_in_shop(environment, "-c", VIEWS_OF_THE_SHOP)
    views = set(json.loads(done.stdout))
    assert len(views) >= 20
    assert views <= set(reached.values())
    assert len(traffic) >= 60


def test_the_bench_names_the_view_that_its_path_leads_to(
    environment: dict[str, str], bench: tuple[BenchEntry, ...]
) -> None:
    views = views_of(environment, [entry.path for entry in bench])
    for entry in bench:
        assert views[entry.path.partition("?")[0]] == entry.view


def test_the_shop_does_not_know_us() -> None:
    sources = [path.read_text(encoding="utf-8") for path in SHOP.rglob("*.py")]
    assert len(sources) > 40
    assert not [source for source in sources if re.search(r"django_unblock|unblocker", source)]
