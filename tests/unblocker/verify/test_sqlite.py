"""SQLite: each side has a copy of one file; what differs in it is found, and put back."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from unblocker.errors import UnblockError
from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.traffic import Request
from unblocker.verify import DatabaseFile, Effort, Trees, ViewToVerify, World, verify
from unblocker.verify.clones import cloned
from unblocker.verify.endstate import EndState
from unblocker.verify.generate import Parameter, Value
from unblocker.verify.livedata import DatabaseFacts
from unblocker.verify.protocol import Ready
from unblocker.verify.sqlite import SqliteInspector

from .conftest import PROJECT, make_trees

SCHEMA = """
    CREATE TABLE shelf (id integer PRIMARY KEY AUTOINCREMENT, name text);
    CREATE TABLE book (id integer PRIMARY KEY AUTOINCREMENT, shelf_id integer REFERENCES shelf, title varchar(50));
    CREATE TABLE note (text text);
    INSERT INTO shelf (name) VALUES ('a'), ('b');
    INSERT INTO book (shelf_id, title) VALUES (1, 'one'), (2, 'two');
    INSERT INTO note VALUES ('x'), ('x');
"""
ON_SQLITE = """
DATABASES = {"default": {"ENGINE": "%s", "NAME": os.environ["SHELF_DATABASE"]}}
"""
WRONG = {"swallowed_error": "U701", "unhandled_call": "U701", "remembering": "U705"}
RIGHT = ("right_counts", "right_handling", "right_transaction", "right_cache", "right_half_written")


@pytest.fixture
def files(tmp_path: Path) -> tuple[DatabaseFile, ...]:
    made = tuple(DatabaseFile("default", tmp_path / name) for name in ("old", "new", "kept"))
    for each in made:
        change(each, SCHEMA)
    return made


@pytest.fixture
def endstate(files: tuple[DatabaseFile, ...]) -> Iterator[EndState]:
    with (
        SqliteInspector(files[0]) as old,
        SqliteInspector(files[1]) as new,
        SqliteInspector(files[2]) as kept,
    ):
        yield EndState({"old": (old,), "new": (new,)}, (kept,))


def change(database: DatabaseFile, statements: str) -> None:
    with closing(sqlite3.connect(database.path)) as connection:
        connection.executescript(statements)


def test_equal_files_do_not_differ(endstate: EndState) -> None:
    assert endstate.compare() == {"new": ()}
    assert endstate.tables == 3


@pytest.mark.parametrize(
    ("statement", "aspects"),
    [
        ("UPDATE book SET title = 'changed' WHERE id = 1", ["tables"]),
        ("DELETE FROM note WHERE rowid = 1", ["tables"]),
        ("INSERT INTO shelf (name) VALUES ('c')", ["tables", "sequences"]),
        ("INSERT INTO shelf (name) VALUES ('c'); DELETE FROM shelf WHERE id = 3", ["sequences"]),
    ],
)
def test_a_difference_is_found_and_put_right(
    endstate: EndState, files: tuple[DatabaseFile, ...], statement: str, aspects: list[str]
) -> None:
    endstate.align()
    change(files[1], statement)
    assert [finding.aspect for finding in endstate.compare()["new"]] == aspects
    endstate.align()
    for each in files[:2]:
        change(each, "INSERT INTO shelf (name) VALUES ('d')")
    assert endstate.compare() == {"new": ()}


def test_rows_are_shown_from_both_sides(
    endstate: EndState, files: tuple[DatabaseFile, ...]
) -> None:
    change(files[1], "UPDATE book SET title = 'changed' WHERE id = 1")
    (finding,) = endstate.compare()["new"]
    assert finding.text == "not the same rows in book afterwards"
    assert '"title": "one"' in finding.before
    assert '"title": "changed"' in finding.after


def test_both_sides_go_back_to_what_was_kept(
    endstate: EndState, files: tuple[DatabaseFile, ...]
) -> None:
    endstate.keep()
    for each in files[:2]:
        change(each, "UPDATE book SET title = 'changed'; INSERT INTO shelf (name) VALUES ('c')")
    assert endstate.compare() == {"new": ()}
    endstate.put_back(("new",))
    assert [finding.aspect for finding in endstate.compare()["new"]] == ["tables", "sequences"]
    endstate.put_back(("old", "new"))
    assert endstate.compare() == {"new": ()}
    with closing(sqlite3.connect(files[0].path)) as connection:
        titles = connection.execute("SELECT title FROM book ORDER BY id").fetchall()
    assert titles == [("one",), ("two",)]


def test_a_copy_is_made_for_each_side_and_removed(files: tuple[DatabaseFile, ...]) -> None:
    with cloned(files[:1], ("old", "new")) as clones:
        paths = [each.path for side in clones.values() for each in side if hasattr(each, "path")]
        change(DatabaseFile("default", paths[0]), "DELETE FROM note")
        with closing(sqlite3.connect(paths[1])) as connection:
            assert connection.execute("SELECT count(*) FROM note").fetchone() == (2,)
    assert len(set(paths)) == 2
    assert not any(path.exists() for path in paths)


def test_a_file_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    missing = DatabaseFile("default", tmp_path / "missing.sqlite3")
    with (
        pytest.raises(UnblockError, match=r"missing\.sqlite3") as caught,
        cloned((missing,), ("old",)),
    ):
        pass
    assert caught.value.code == "U053"
    assert not missing.path.exists()


@pytest.fixture(scope="module")
def seeded(
    tmp_path_factory: pytest.TempPathFactory, upstream_url: str
) -> tuple[Trees, DatabaseFile, World]:
    """The small project on SQLite, the new code on the runtime's engine."""
    folder = tmp_path_factory.mktemp("sqlite")
    trees = make_trees(folder)
    for tree, views, engine in (
        (trees.old, "tried_views.py", "django.db.backends.sqlite3"),
        (trees.new, "converted_tried_views.py", "django_unblock.db.sqlite3"),
    ):
        shutil.copyfile(PROJECT / views, tree / "views.py")
        with (tree / "settings.py").open("a") as settings:
            settings.write(ON_SQLITE % engine)
    with (trees.new / "settings.py").open("a") as settings:
        settings.write('INSTALLED_APPS.insert(0, "django_unblock")\n')
    asgi = trees.new / "asgi.py"
    asgi.write_text(asgi.read_text().replace("django.core.asgi", "django_unblock.asgi"))
    file = folder / "seed.sqlite3"
    place = {"SHELF_HOST": "", "SHELF_PORT": "", "SHELF_USER": "", "SHELF_UPSTREAM": upstream_url}
    environment = {**place, "SHELF_DATABASE": str(file)}
    whole = {**os.environ, **environment}
    subprocess.run([sys.executable, "seed.py"], cwd=trees.old, env=whole, check=True)
    return trees, DatabaseFile("default", file), World(environment=environment)


@pytest.fixture(scope="module")
def found(seeded: tuple[Trees, DatabaseFile, World]) -> Evidence:
    trees, file, world = seeded
    names = (*WRONG, *RIGHT)
    return verify(
        trees,
        tuple(Request("GET", f"/{name}/") for name in names),
        (file,),
        tuple(ViewToVerify(f"views.{name}", (f"{name}/",), is_tried=True) for name in names),
        world,
        lambda _: None,
        effort=Effort(schedules=4, faults=True, departures=2),
    )


def view(found: Evidence, name: str) -> ViewEvidence:
    return next(each for each in found.views if each.view == f"views.{name}")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_conversion_is_caught(name: str, found: Evidence) -> None:
    assert WRONG[name] in {each.code for each in view(found, name).differences}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_conversion_is_not_accused(name: str, found: Evidence) -> None:
    evidence = view(found, name)
    assert (evidence.verdict, evidence.exclusions) == ("same", ())
    assert evidence.trials.schedules == 4
    assert evidence.trials.faults > 0


def test_no_connection_is_lost_that_is_a_file(found: Evidence) -> None:
    trials = view(found, "right_transaction").trials
    assert (
        trials.faults == 4
    )  # BEGIN among them; on PostgreSQL each statement would lose its connection, too


def test_values_and_users_are_found_in_a_file(
    seeded: tuple[Trees, DatabaseFile, World],
) -> None:
    _, file, _ = seeded
    with closing(DatabaseFacts(file, Ready("auth_user", "username", "sessionid"))) as facts:
        assert facts.users == ("anna", "clara")
        assert facts.known_users(("ben", "nobody")) == {"ben"}
        assert facts.usernames(("1", "77")) == {"1": "anna"}
        values = facts.values("books/<int:book_id>/", Parameter("book_id", "int"))
        assert values == (Value("1", "anna"), Value("2", "anna"))


def test_a_clone_of_another_kind_is_refused(seeded: tuple[Trees, DatabaseFile, World]) -> None:
    trees, file, world = seeded
    other = replace(trees, old=trees.new.parent / "postgres", new=trees.new)
    shutil.copytree(PROJECT, other.old, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.raises(UnblockError, match="default is postgresql") as caught:
        verify(other, (Request("GET", "/"),), (file,), (), world, lambda _: None)
    assert caught.value.code == "U052"
