"""A traced request's I/O, seen from outside, with the app's code as it is."""

import pytest

from tests.unblocker.measure.project import Tiny
from unblocker.config import BenchEntry
from unblocker.measure import logins, servers, trace
from unblocker.measure.trace import Subject
from unblocker.records.measurement import Timeline
from unblocker.services.processes import Supervisor

WORK = BenchEntry(view="work", path="/work/", as_user="ann")
BEHIND = BenchEntry(view="behind", path="/behind/")
BROKEN = BenchEntry(view="broken", path="/broken/")
AWAY = BenchEntry(view="away", path="/away/")


@pytest.fixture(scope="module")
def timelines(
    tiny: Tiny, supervisor: Supervisor, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Timeline]:
    known = logins.make(tiny.app("before"), ["ann"])
    subjects = [
        Subject(tiny.app("before"), servers.traced_wsgi(), known),
        Subject(tiny.app("after"), servers.traced_asgi(), known),
    ]
    entries = [WORK, BEHIND, BROKEN, AWAY]
    found = trace.trace(supervisor, subjects, entries, tmp_path_factory.mktemp("traces"))
    assert [(line.view, line.side) for line in found] == [
        (entry.view, side) for entry in entries for side in ("before", "after")
    ]
    return {(line.view, line.side): line for line in found}


def seen(line: Timeline) -> list[tuple[str, str, str]]:
    """The spans but for making a connection, which is when the server likes."""
    return [
        (span.kind, span.label.split("http://")[0].split(" ")[0], span.table)
        for span in line.spans
        if span.label != "connect"
    ]


@pytest.mark.parametrize("side", ["before", "after"])
def test_every_kind_of_io_is_seen_in_order(
    timelines: dict[tuple[str, str], Timeline], tiny: Tiny, side: str
) -> None:
    line = timelines["work", side]
    assert line.status == 200
    assert seen(line) == [
        ("sql", "SELECT", "auth_user"),
        ("http", "GET", ""),
        ("sql", "SAVEPOINT", ""),
        ("sql", "SELECT", "auth_group"),
        ("sql", "RELEASE", ""),
        ("sql", "COMMIT", ""),
        ("mail", "mail", ""),
    ]
    [http] = [span for span in line.spans if span.kind == "http"]
    assert tiny.services.upstream
    assert http.label == f"GET {tiny.services.upstream.url}/rates?base=EUR"
    [mail] = [span for span in line.spans if span.kind == "mail"]
    assert mail.label == "mail to ann@x.example"


@pytest.mark.parametrize("side", ["before", "after"])
def test_spans_lie_one_behind_the_other_within_a_serial_request(
    timelines: dict[tuple[str, str], Timeline], side: str
) -> None:
    line = timelines["work", side]
    flat = [0.0, *(time for span in line.spans for time in (span.start_ms, span.end_ms))]
    assert flat == sorted(flat)
    assert flat[-1] <= line.total_ms


@pytest.mark.parametrize("side", ["before", "after"])
def test_work_behind_the_response_belongs_to_its_request(
    timelines: dict[tuple[str, str], Timeline], side: str
) -> None:
    line = timelines["behind", side]
    assert seen(line) == [("mail", "mail", "")]
    assert line.spans[0].start_ms > line.total_ms


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(("view", "status"), [("broken", 500), ("away", 302)])
def test_the_status_is_that_of_the_view(
    timelines: dict[tuple[str, str], Timeline], side: str, view: str, status: int
) -> None:
    line = timelines[view, side]
    assert (line.status, line.spans) == (status, ())
