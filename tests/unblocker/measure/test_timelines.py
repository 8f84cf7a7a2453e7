from unblocker.measure.timelines import Event, Traced, assemble
from unblocker.records.measurement import Span


def test_overlapping_spans_in_order_of_their_beginning() -> None:
    events = [
        Event("r", 1, 1, "begin", "sql", "SELECT 1", "a"),
        Event("r", 2, 2, "begin", "http", "GET /"),
        Event("r", 9, 2, "end"),
        Event("r", 10, 1, "failed"),
        Event("r", 12, 0, "answered", status=500),
    ]
    assert assemble(events, "r") == Traced(
        500,
        12,
        (Span("sql", "SELECT 1", 1, 10, "a", failed=True), Span("http", "GET /", 2, 9)),
        open=0,
    )


def test_a_request_without_an_answer_is_not_there_yet() -> None:
    assert assemble([Event("r", 1, 1, "begin"), Event("r", 2, 1, "end")], "r") is None
    assert assemble([], "r") is None


def test_what_is_still_under_way_is_counted_not_shown() -> None:
    events = [Event("r", 1, 1, "begin"), Event("r", 3, 0, "answered", status=200)]
    assert assemble(events, "r") == Traced(200, 3, (), open=1)


def test_what_ends_behind_the_answer_belongs_to_it() -> None:
    events = [
        Event("r", 1, 1, "begin", "mail", "mail to a"),
        Event("r", 3, 0, "answered", status=200),
        Event("r", 50, 1, "end"),
    ]
    assert assemble(events, "r") == Traced(200, 3, (Span("mail", "mail to a", 1, 50),), open=0)


def test_a_connection_that_was_at_hand_is_no_io() -> None:
    events = [
        Event("r", 1, 1, "begin", "sql", "connect"),
        Event("r", 1.5, 1, "end"),
        Event("r", 2, 2, "begin", "sql", "connect"),
        Event("r", 9, 2, "end"),
        Event("r", 10, 0, "answered", status=200),
    ]
    assert assemble(events, "r") == Traced(200, 10, (Span("sql", "connect", 2, 9),), open=0)


def test_other_requests_do_not_mix_in() -> None:
    events = [
        Event("other", 1, 1, "begin"),
        Event("other", 2, 1, "end"),
        Event("r", 3, 0, "answered", status=200),
    ]
    assert assemble(events, "r") == Traced(200, 3, (), open=0)
