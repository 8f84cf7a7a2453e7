"""Lines put together: requests that overlap, that never end, and lines that were cut off."""

from pathlib import Path

from unblocker.record.lines import read_lines
from unblocker.record.requests import Process
from unblocker.record.summary import SAMPLES, Summary
from unblocker.records.recording import Entrance, RecordedOperation, RecordedRequest, RecordedView

TWO_AT_ONCE = """\
{"e":"imported"}
{"e":"begin","r":1,"method":"GET","entrance":"asgi","outside":2}
{"e":"begin","r":2,"method":"POST","entrance":"asgi","outside":3}
{"e":"view","r":2,"view":"app.b","route":"b/"}
{"e":"view","r":1,"view":"app.a","route":"a/"}
{"e":"op","r":1,"at":2,"ms":4,"kind":"query","label":"late","file":"app/a.py","line":7}
{"e":"op","r":1,"at":1,"ms":9,"kind":"template","label":"a.html"}
{"e":"end","r":1,"status":200,"ms":12}
{"e":"op","r":1,"at":20,"ms":4,"kind":"query","label":"behind the response"}
{"e":"outside","count":5}
{"e":"op","r":2,"at":1,"ms":4,"kind":"http","label":"GET a.example","failed":true}
{"e":"end","r":2,"stat"""


def requests_of(tmp_path: Path, text: str) -> tuple[Process, list[RecordedRequest]]:
    file = tmp_path / "1.jsonl"
    file.write_text(text)
    process = Process()
    return process, list(process.requests(read_lines(file)))


def test_operations_go_to_their_requests_in_the_order_they_began(tmp_path: Path) -> None:
    process, (first, second) = requests_of(tmp_path, TWO_AT_ONCE)
    assert (first.view, first.status, first.duration_ms) == ("app.a", 200, 12)
    assert [one.label for one in first.operations] == ["a.html", "late"]
    assert str(first.operations[1].place) == "app/a.py:7"
    assert (second.view, second.status, second.duration_ms) == ("app.b", None, None)
    assert [one.label for one in second.operations] == ["GET a.example"]
    assert process.outside == 5


def test_what_is_no_line_of_ours_is_passed_over(tmp_path: Path) -> None:
    assert requests_of(tmp_path, '\n{"e":"news"}\n{"e":"op","r":4}\n[]\n')[1] == []


def request(
    ms: float | None, *operations: RecordedOperation, entrance: Entrance = "wsgi"
) -> RecordedRequest:
    status = None if ms is None else 200
    return RecordedRequest("app.a", "a/", "GET", status, ms, entrance, operations)


def query(ms: float, **fields: bool) -> RecordedOperation:
    return RecordedOperation("query", "SELECT", 0.0, ms, **fields)  # type: ignore[arg-type]


def summed(*requests: RecordedRequest) -> RecordedView:
    summary = Summary()
    summary.add(requests)
    (view,) = summary.views()
    return view


def test_times_are_those_of_requests_that_ended() -> None:
    view = summed(request(10), request(30), request(None), request(14))
    assert (view.requests, view.unfinished, view.failed) == (4, 1, 0)
    assert (view.median_ms, view.slowest_ms, view.total_ms) == (14, 30, 54)


def test_a_view_that_never_answered_has_no_times() -> None:
    view = summed(request(None))
    assert (view.median_ms, view.slowest_ms, view.total_ms) == (0, 0, 0)


def test_a_servers_times_come_before_a_tests() -> None:
    tested = request(1, query(0.1), entrance="test client")
    view = summed(tested, tested, tested, request(50, query(20)))
    assert (view.requests, view.served) == (4, 1)
    assert (view.median_ms, view.slowest_ms, view.total_ms) == (50, 50, 50)
    (times,) = view.operations
    assert (times.count, times.median_ms, times.telling) == (4, 20, True)


def test_a_tests_times_are_better_than_none() -> None:
    view = summed(request(3, query(0.4), entrance="direct call"))
    assert (view.median_ms, view.operations[0].median_ms) == (3, 0.4)


def test_stand_ins_and_failures_do_not_shorten_times() -> None:
    view = summed(request(9, query(4), query(0.1, stand_in=True), query(0.2, failed=True)))
    (times,) = view.operations
    assert (times.count, times.median_ms, times.telling) == (3, 4, True)
    (times,) = summed(request(9, query(0.1, stand_in=True))).operations
    assert (times.median_ms, times.telling) == (0.1, False)


def test_only_the_first_requests_are_kept_whole() -> None:
    summary = Summary()
    summary.add(request(1) for _ in range(SAMPLES + 5))
    assert len(summary.samples) == SAMPLES
    assert summary.views()[0].requests == SAMPLES + 5
