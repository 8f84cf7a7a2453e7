import psycopg
import pytest

from tests.traps.stage import Scene, pair
from tests.traps.trap import PROJECT
from tests.traps.upstream import upstream
from unblocker.records import codec
from unblocker.records.plan import Plan
from unblocker.verify.databases import Database


@pytest.fixture(scope="session")
def scene(postgres_settings):
    """The traps' rows in a database, and the host that the traps ask."""
    port = int(postgres_settings["PORT"] or 5432)
    place = Database("default", "traps", postgres_settings["HOST"], port, postgres_settings["USER"])
    server = Database("default", "postgres", place.host, place.port, place.user)
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE traps")
    with upstream() as address:
        scene = Scene(place, address)
        scene.run(PROJECT, "seed.py")
        yield scene


@pytest.fixture(scope="session")
def trees(scene, tmp_path_factory):
    """The project, and what the tool made of it."""
    return scene.convert(tmp_path_factory.mktemp("traps"))


@pytest.fixture(scope="session")
def plan(trees):
    return codec.load(trees.new / ".unblock" / "plan.json", Plan)


@pytest.fixture(scope="module")
def both(request, scene, trees, tmp_path_factory):
    """Both sides, asked in the way that the test's parameter names."""
    with pair(request.param, trees, scene, tmp_path_factory.mktemp("sides")) as asked:
        yield asked
