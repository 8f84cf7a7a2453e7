"""End states of PostgreSQL databases."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from unblocker.verify.databases import Database
from unblocker.verify.endstate import EndState
from unblocker.verify.postgresql import PostgresInspector

from .conftest import create_database

SCHEMA = """
    CREATE TABLE shelf (id serial PRIMARY KEY, name text);
    CREATE TABLE book (
        id serial PRIMARY KEY, shelf_id int REFERENCES shelf, title text,
        size int GENERATED ALWAYS AS (length(title)) STORED
    );
    CREATE TABLE note (text text);
    INSERT INTO shelf (name) VALUES ('a'), ('b');
    INSERT INTO book (shelf_id, title) VALUES (1, 'one'), (2, 'two');
    INSERT INTO note VALUES ('x'), ('x');
"""


@pytest.fixture(scope="module")
def pair(postgres_settings: dict[str, str]) -> tuple[Database, ...]:
    place = Database(
        "default",
        "end_old",
        postgres_settings["HOST"],
        int(postgres_settings["PORT"] or 5432),
        postgres_settings["USER"],
    )
    pair = (place, replace(place, name="end_new"), replace(place, name="end_kept"))
    for each in pair:
        create_database(each)
    return pair


@pytest.fixture
def inspectors(pair: tuple[Database, ...]) -> Iterator[tuple[PostgresInspector, ...]]:
    for each in pair:
        change(each, f"DROP SCHEMA public CASCADE; CREATE SCHEMA public; {SCHEMA}")
    with (
        PostgresInspector(pair[0]) as old,
        PostgresInspector(pair[1]) as new,
        PostgresInspector(pair[2]) as kept,
    ):
        yield old, new, kept


@pytest.fixture
def endstate(inspectors: tuple[PostgresInspector, ...]) -> EndState:
    old, new, kept = inspectors
    return EndState({"old": (old,), "new": (new,)}, (kept,))


def change(database: Database, statements: str) -> None:
    with psycopg.connect(database.conninfo(), autocommit=True) as connection:
        connection.execute(statements)


def test_equal_databases_do_not_differ(endstate: EndState) -> None:
    assert endstate.compare() == {"new": ()}
    assert endstate.tables == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE book SET title = 'changed' WHERE id = 1",
        "DELETE FROM book WHERE id = 2",
        "INSERT INTO book (id, shelf_id, title) VALUES (9, 1, 'nine')",
        "DELETE FROM note WHERE ctid = (SELECT min(ctid) FROM note)",
        "INSERT INTO note VALUES ('x')",
        "DELETE FROM book; DELETE FROM shelf",
        "UPDATE shelf SET name = NULL",
    ],
)
def test_a_difference_is_found_and_put_right(
    endstate: EndState, pair: tuple[Database, ...], statement: str
) -> None:
    endstate.align()
    change(pair[1], statement)
    (finding,) = endstate.compare()["new"]
    assert finding.aspect == "tables"
    endstate.align()
    change(pair[0], "INSERT INTO note VALUES ('write')")
    change(pair[1], "INSERT INTO note VALUES ('write')")
    assert endstate.compare() == {"new": ()}


def test_rows_are_shown_from_both_sides(endstate: EndState, pair: tuple[Database, ...]) -> None:
    change(pair[1], "UPDATE book SET title = 'changed' WHERE id = 1")
    (finding,) = endstate.compare()["new"]
    assert finding.text == "not the same rows in book afterwards"
    assert '"title": "one"' in finding.before
    assert '"title": "changed"' in finding.after


def test_numbers_used_up_are_found_and_put_right(
    endstate: EndState, pair: tuple[Database, ...]
) -> None:
    change(pair[1], "BEGIN; INSERT INTO shelf (name) VALUES ('c'); ROLLBACK")
    (finding,) = endstate.compare()["new"]
    assert finding.aspect == "sequences"
    assert "shelf_id_seq: 2" in finding.before
    assert "shelf_id_seq: 3" in finding.after
    endstate.align()
    for each in pair:
        change(each, "INSERT INTO shelf (name) VALUES ('d')")
    assert endstate.compare() == {"new": ()}


def test_the_order_of_rows_does_not_matter(endstate: EndState, pair: tuple[Database, ...]) -> None:
    change(pair[1], "UPDATE shelf SET name = name WHERE id = 1")
    assert endstate.compare() == {"new": ()}


def test_both_sides_go_back_to_what_was_kept(
    endstate: EndState, pair: tuple[Database, ...]
) -> None:
    endstate.keep()
    for each in pair[:2]:
        change(each, "UPDATE book SET title = 'changed'; INSERT INTO shelf (name) VALUES ('c')")
    assert endstate.compare() == {"new": ()}
    endstate.put_back(("new",))
    assert [finding.aspect for finding in endstate.compare()["new"]] == ["tables", "sequences"]
    endstate.put_back(("old", "new"))
    change(pair[1], "UPDATE note SET text = text")
    assert endstate.compare() == {"new": ()}


def test_what_is_kept_moves_on(endstate: EndState, pair: tuple[Database, ...]) -> None:
    endstate.keep()
    for each in pair[:2]:
        change(each, "UPDATE shelf SET name = 'moved'")
    endstate.keep()
    for each in pair[:2]:
        change(each, "DELETE FROM note")
    endstate.put_back(("old", "new"))
    for each in pair[:2]:
        with psycopg.connect(each.conninfo()) as connection:
            assert connection.execute("SELECT count(*) FROM note").fetchone() == (2,)
            rows = connection.execute("SELECT DISTINCT name FROM shelf").fetchall()
            assert rows == [("moved",)]


def test_a_transaction_that_was_open_when_a_table_was_read_is_not_missed(
    endstate: EndState, pair: tuple[Database, ...]
) -> None:
    with psycopg.connect(pair[1].conninfo()) as late:
        late.execute("UPDATE shelf SET name = 'late' WHERE id = 1")
        change(pair[1], "UPDATE shelf SET name = 'b' WHERE id = 2")
        assert endstate.compare() == {"new": ()}
    (finding,) = endstate.compare()["new"]
    assert finding.text == "not the same rows in shelf afterwards"
