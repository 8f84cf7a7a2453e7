"""A small project in two forms, a seeded database to clone, and an upstream that counts."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest

from unblocker.verify import Database, Trees, World

PROJECT = Path(__file__).parent / "project"


class Upstream(BaseHTTPRequestHandler):
    """Answers each call with how many calls there have been."""

    protocol_version = "HTTP/1.1"
    calls = 0

    def do_GET(self) -> None:
        Upstream.calls += 1
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = str(Upstream.calls).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def upstream_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Shelf:
    """Everything that a run of verify on the small project needs."""

    trees: Trees
    databases: tuple[Database, ...]
    world: World


@pytest.fixture(scope="session")
def shelf(
    postgres_settings: dict[str, str],
    upstream_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shelf:
    place = Database(
        alias="default",
        name="shelf_seed",
        host=postgres_settings["HOST"],
        port=int(postgres_settings["PORT"] or 5432),
        user=postgres_settings["USER"],
    )
    environment = {
        "SHELF_DATABASE": place.name,
        "SHELF_HOST": place.host,
        "SHELF_PORT": str(place.port),
        "SHELF_USER": place.user,
        "SHELF_UPSTREAM": upstream_url,
    }
    trees = make_trees(tmp_path_factory.mktemp("shelf"))
    create_database(place)
    subprocess.run([sys.executable, "seed.py"], cwd=trees.old, env=environment, check=True)
    return Shelf(trees, (place,), World(environment=environment))


def make_trees(folder: Path) -> Trees:
    """The project with the old views, and the same with the new ones."""
    ignored = shutil.ignore_patterns("__pycache__")
    old, new = folder / "old", folder / "new"
    for tree in (old, new):
        shutil.copytree(PROJECT, tree, ignore=ignored)
    shutil.copyfile(PROJECT / "converted_views.py", new / "views.py")
    return Trees(old, new, "settings")


ADOPTION = """
INSTALLED_APPS.insert(0, "django_unblock")
DATABASES["default"]["ENGINE"] = "django_unblock.db.postgresql"
"""


def adopt_runtime(trees: Trees, folder: Path) -> Trees:
    """The same trees, the new one served by the runtime on its engine."""
    tree = folder / "adopted"
    shutil.copytree(trees.new, tree)
    with (tree / "settings.py").open("a") as settings:
        settings.write(ADOPTION)
    asgi = tree / "asgi.py"
    asgi.write_text(asgi.read_text().replace("django.core.asgi", "django_unblock.asgi"))
    return replace(trees, new=tree)


def create_database(place: Database) -> None:
    server = replace(place, name="postgres").conninfo()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{place.name}"')
