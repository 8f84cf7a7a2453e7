import shutil
from collections.abc import Iterator

import psycopg
import pytest

from unblocker.errors import UnblockError
from unblocker.services import ports, postgres
from unblocker.services.postgres import Postgres
from unblocker.services.processes import Supervisor


@pytest.fixture(scope="module")
def server(supervisor: Supervisor) -> Iterator[Postgres]:
    folder = postgres.temporary_folder()
    server = postgres.start(supervisor, folder)
    yield server
    supervisor.stop(server.process)
    shutil.rmtree(folder)


def connect(server: Postgres, database: str) -> psycopg.Connection:
    return psycopg.connect(server.conninfo(database), autocommit=True)


def names(server: Postgres, database: str) -> list[str]:
    with connect(server, database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM thing ORDER BY name")]


@pytest.fixture
def original(server: Postgres) -> Iterator[str]:
    server.create("original")
    with connect(server, "original") as connection:
        connection.execute("CREATE TABLE thing (name text)")
        connection.execute("INSERT INTO thing VALUES ('a'), ('b')")
    yield "original"
    server.drop("original")


def test_it_takes_enough_tcp_connections_for_pools_and_threads(server: Postgres) -> None:
    with connect(server, "postgres") as connection:
        assert connection.execute("SHOW max_connections").fetchone() == ("200",)
        assert connection.execute("SELECT inet_server_port()").fetchone() == (server.port,)


def test_a_clone_has_the_rows_and_goes_its_own_way(server: Postgres, original: str) -> None:
    server.clone(original, "copy")
    with connect(server, "copy") as connection:
        connection.execute("INSERT INTO thing VALUES ('c')")
    assert names(server, "copy") == ["a", "b", "c"]
    assert names(server, original) == ["a", "b"]
    server.drop("copy")


def test_a_database_in_use_can_be_cloned_and_the_clone_replaced(
    server: Postgres, original: str
) -> None:
    with connect(server, original):
        server.clone(original, "copy")
    with connect(server, "copy") as connection:
        connection.execute("DELETE FROM thing")
        server.clone(original, "copy")
    assert names(server, "copy") == ["a", "b"]
    server.drop("copy")


def test_a_name_is_only_ever_a_name(server: Postgres) -> None:
    odd = 'a"; DROP DATABASE postgres; --'
    server.create(odd)
    with connect(server, "postgres") as connection:
        query = "SELECT count(*) FROM pg_database WHERE datname = %s"
        assert connection.execute(query, [odd]).fetchone() == (1,)
    server.drop(odd)


def test_a_port_in_use_is_refused_before_anything_starts(server: Postgres) -> None:
    folder = postgres.temporary_folder()
    with Supervisor() as supervisor, pytest.raises(UnblockError) as caught:
        postgres.start(supervisor, folder, server.port)
    assert caught.value.code == "U062"
    assert list(folder.iterdir()) == []
    folder.rmdir()


def test_stopping_leaves_nothing_and_the_data_can_be_started_again() -> None:
    folder = postgres.temporary_folder()
    with Supervisor() as supervisor:
        first = postgres.start(supervisor, folder)
        first.create("kept")
    assert not ports.answers(first.port)
    with Supervisor() as supervisor, connect(postgres.start(supervisor, folder), "kept"):
        pass
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_made_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("pg") / "file"
    file.write_text("")
    with Supervisor() as supervisor, pytest.raises(UnblockError) as caught:
        postgres.start(supervisor, file)
    assert caught.value.code == "U063"
    assert str(file) in caught.value.text


def test_what_the_server_refuses_is_told_with_its_reason(server: Postgres) -> None:
    with pytest.raises(UnblockError) as caught:
        server.clone("nowhere", "copy")
    assert caught.value.code == "U065"
    assert "nowhere" in caught.value.text


def test_what_initdb_could_not_do_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pg")
    (folder / "data").mkdir()
    (folder / "data" / "in the way").write_text("")
    with Supervisor() as supervisor, pytest.raises(UnblockError) as caught:
        postgres.start(supervisor, folder)
    assert caught.value.code == "U063"
    assert "exists but is not empty" in caught.value.hint
