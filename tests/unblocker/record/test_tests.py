"""Recording a test run: the client, direct calls, async tests, a live server, in one and in several processes."""

from pathlib import Path

import pytest

from tests.unblocker.record.conftest import copy_of_library
from tests.unblocker.record.recorded import (
    MANAGE,
    entrances,
    everything_kept,
    line_of,
    record,
    recording_of,
    requests,
    view,
)
from unblocker.records.recording import RecordedRequest, Recording


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library after its tests were recorded."""
    project = copy_of_library(tmp_path_factory.mktemp("tested"))
    done = record("--", *MANAGE, "test", cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Found 11 test(s).")
    return project


@pytest.fixture(scope="module")
def recording(tested: Path) -> Recording:
    return recording_of(tested)


def caused_by(request: RecordedRequest) -> list[tuple[str, str]]:
    return [(one.kind, str(one.place)) for one in request.operations]


def test_each_operation_has_its_innermost_line(recording: Recording) -> None:
    for request in requests(recording, "counts"):
        assert caused_by(request) == [
            ("query", line_of("books = Book.objects.count()")),
            ("query", line_of("loans = Loan.objects.count()")),
            ("query", line_of("filter(title=title)", "books/counting.py")),
        ]
        assert [one.tables for one in request.operations] == [
            ("books_book",),
            ("books_loan",),
            ("books_book",),
        ]


def test_requests_are_counted_by_view_route_and_status(recording: Recording) -> None:
    assert view(recording, "counts").requests == 4
    assert view(recording, "counts").route == ""
    assert view(recording, "Shelf").route == "shelves/<int:pk>/"
    assert recording.unrouted == 1
    assert recording.outside > 0
    (posted,) = requests(recording, "add")
    assert (posted.method, posted.status, posted.route) == ("POST", 200, "add/")


def test_every_entrance_is_seen(recording: Recording) -> None:
    assert entrances(requests(recording, "counts")) == {
        "test client": 2,
        "direct call": 1,
        "wsgi": 1,
    }
    assert entrances(requests(recording, "Shelf")) == {"test client": 1, "direct call": 1}
    assert entrances(requests(recording, "waiting")) == {"test client": 2, "direct call": 1}


def test_an_awaited_query_has_the_line_that_awaits_it(recording: Recording) -> None:
    for request in requests(recording, "waiting"):
        assert caused_by(request) == [("query", line_of("await Book.objects.acount()"))]


def test_what_a_view_hands_to_threads_is_its_own(recording: Recording) -> None:
    request = next(one for one in requests(recording, "threaded") if one.status == 200)
    where = line_of("return cache.get(")
    assert caused_by(request) == [("cache", where)] * 2


def test_what_a_test_puts_in_a_caches_place_is_called(recording: Recording) -> None:
    (failed,) = [one for one in requests(recording, "threaded") if one.status == 500]
    assert [(one.kind, one.failed) for one in failed.operations] == [("cache", True)]


def test_a_raising_view_has_failed(recording: Recording) -> None:
    by_client, direct = requests(recording, "broken")
    assert {by_client.status, direct.status} == {500, None}
    assert view(recording, "broken").failed == 2
    assert len(by_client.operations) == len(direct.operations) == 1


def test_what_the_test_itself_queries_is_no_ones(recording: Recording) -> None:
    (guarded,) = requests(recording, "guarded")
    assert {one.tables for one in guarded.operations} == {("django_session",), ("auth_user",)}
    assert {one.place for one in guarded.operations} == {None}


def test_a_template_is_told_beside_its_queries(recording: Recording) -> None:
    (page,) = requests(recording, "page")
    assert [(one.kind, one.label) for one in page.operations] == [
        ("template", "books/page.html"),
        ("query", "SELECT books_book.id, books_book.title FROM books_book"),
    ]
    assert caused_by(page)[1] == ("query", line_of("return render("))


def test_what_stays_in_memory_tells_no_times(recording: Recording) -> None:
    (archived,) = requests(recording, "archived")
    assert [(one.database, one.stand_in) for one in archived.operations] == [("archive", True)]
    assert [one.telling for one in view(recording, "archived").operations] == [False]
    assert all(one.telling for one in view(recording, "counts").operations)


def test_nothing_of_people_is_kept(tested: Path) -> None:
    kept = everything_kept(tested)
    assert "secret" not in kept
    assert "/shelves/3" not in kept
    assert "WHERE id = ? OR title = ?" in kept


def test_bodies_are_kept_where_they_are_asked_for(project: Path) -> None:
    done = record("--bodies", "--", *MANAGE, "test", "books.tests.ClientTests", cwd=project)
    assert done.returncode == 0, done.stderr
    recording = recording_of(project)
    (posted,) = requests(recording, "add")
    assert posted.replay is not None
    assert (posted.replay.path, posted.replay.query) == ("/add/", "via=form")
    assert b'name="title"\r\n\r\nSecond\r\n' in posted.replay.body
    assert posted.replay.whole
    assert posted.replay.headers["Content-Type"].startswith("multipart/form-data")
    (guarded,) = requests(recording, "guarded")
    assert guarded.replay is not None
    assert guarded.replay.user == "1"
    assert {one.replay.user for one in requests(recording, "counts") if one.replay} == {None}


def test_each_of_several_processes_is_recorded(project: Path, recording: Recording) -> None:
    done = record("--", *MANAGE, "test", "--parallel", "2", cwd=project)
    assert done.returncode == 0, done.stderr
    found = recording_of(project)
    assert {(one.view, one.route): one.requests for one in found.views} == {
        (one.view, one.route): one.requests for one in recording.views
    }
    assert len(list(project.glob(".unblock/recorded/*/*.jsonl"))) > 1


def test_pytest_is_recorded_and_its_status_passed_on(project: Path) -> None:
    done = record("--", MANAGE[0], "-m", "pytest", "-q", "pages_check.py", cwd=project)
    assert done.returncode == 1, done.stderr
    assert "1 failed, 1 passed" in done.stdout
    recording = recording_of(project)
    assert [run.status for run in recording.runs] == [1]
    assert {one.view: one.requests for one in recording.views} == {
        "books.views.counts": 1,
        "books.views.page": 1,
    }
