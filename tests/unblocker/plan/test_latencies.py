"""Which latency an operation is predicted with: measured at its place, in its view, elsewhere, or assumed."""

from dataclasses import replace

from tests.unblocker.plan.builders import calling, fetch, function, read, step, survey_of
from unblocker.config import Config, Costs
from unblocker.plan import make_plan
from unblocker.records.places import Place
from unblocker.records.plan import Plan, ViewPlan
from unblocker.records.recording import OperationTimes, RecordedView, Recording
from unblocker.records.survey import Block, Function, OperationKind, Route, SourceFile, Step, Survey

COSTS = Costs(query=5, http=100)
FILE = SourceFile("app/views.py", "as it was")
CHANGED = SourceFile("app/views.py", "as it is")


def times(
    kind: OperationKind,
    median_ms: float,
    line: int = 0,
    *,
    count: int = 1,
    telling: bool = True,
) -> OperationTimes:
    place = Place("app/views.py", line, 0, line, 0) if line else None
    return OperationTimes(kind, "", count, median_ms, median_ms * count, place, telling=telling)


def recorded(
    view: str, *operations: OperationTimes, requests: int = 1, served: int = 0
) -> RecordedView:
    return RecordedView(view, "page/", requests, served, 0, 0, 40.0, 40.0, 40.0, operations)


def recording(*views: RecordedView) -> Recording:
    return Recording("/project", (), views, files=(FILE,))


def planned(survey: Survey, kept: Recording | None = None) -> Plan:
    return make_plan(replace(survey, files=(FILE,)), Config(costs=COSTS), recording=kept)


def before(plan: ViewPlan) -> list[tuple[float, str]]:
    return [(span.end_ms - span.start_ms, span.basis) for span in plan.prediction.before]


def three() -> tuple[Function, int]:
    """A view with two queries and a call, and the line of the first query."""
    first = read("a")
    return function("page", first, read("b"), fetch("c")), first.place.line


def test_without_a_recording_all_is_assumed() -> None:
    page, _ = three()
    (view,) = planned(survey_of(page)).views
    assert before(view) == [(5, "assumed"), (5, "assumed"), (100, "assumed")]
    assert view.prediction.basis == "assumed"
    assert view.traffic is None
    assert view.saved_in_all_ms == view.prediction.saved_ms > 0


def test_a_place_has_its_own_median_and_the_rest_of_the_view_its_typical_one() -> None:
    page, line = three()
    own = recorded("app.views.page", times("query", 30, line), times("query", 8, 9999, count=3))
    (view,) = planned(survey_of(page), recording(own)).views
    assert before(view) == [(30, "measured"), (8, "measured"), (100, "assumed")]
    assert view.prediction.basis == "partly measured"


def test_all_measured_is_said_to_be() -> None:
    page, _ = three()
    own = recorded("app.views.page", times("query", 8), times("http", 60))
    (view,) = planned(survey_of(page), recording(own)).views
    assert view.prediction.basis == "measured"
    assert view.prediction.before_ms == 76


def test_what_was_measured_in_other_views_is_typical() -> None:
    page, line = three()
    other = recorded("app.views.other", times("query", 12, line), times("http", 70))
    (view,) = planned(survey_of(page), recording(other)).views
    assert before(view) == [(12, "measured"), (12, "typical"), (70, "typical")]
    assert view.traffic is not None
    assert view.traffic.requests == 0
    assert view.saved_in_all_ms == 0


def test_times_that_tell_nothing_are_left_out() -> None:
    page, line = three()
    own = recorded("app.views.page", times("query", 0.1, line, telling=False))
    (view,) = planned(survey_of(page), recording(own)).views
    assert before(view)[0] == (5, "assumed")


def test_lines_of_a_file_that_has_changed_are_not_trusted() -> None:
    page, line = three()
    own = recorded("app.views.page", times("query", 30, line), times("query", 8, count=3))
    kept = replace(recording(own), files=(CHANGED,))
    (view,) = planned(survey_of(page), kept).views
    assert before(view)[:2] == [(8, "measured"), (8, "measured")]


def test_what_is_gained_counts_as_often_as_the_view_is_requested() -> None:
    page, _ = three()
    own = recorded("app.views.page", times("query", 10), requests=200)
    (view,) = planned(survey_of(page), recording(own)).views
    assert view.traffic is not None
    assert (view.traffic.requests, view.traffic.median_ms) == (200, 40.0)
    assert view.saved_in_all_ms == 200 * view.prediction.saved_ms == 200 * 20


def test_tests_do_not_count_where_a_server_was_recorded() -> None:
    page, _ = three()
    own = recorded("app.views.page", times("query", 10), requests=50, served=2)
    (view,) = planned(survey_of(page), recording(own)).views
    assert view.traffic is not None
    assert view.traffic.requests == 2
    tested = recorded("app.views.page", times("query", 10), requests=50)
    other = recorded("app.views.other", requests=9, served=9)
    (view,) = planned(survey_of(page), recording(tested, other)).views
    assert view.traffic is not None
    assert view.traffic.requests == 0


def looping(*body: Step) -> Step:
    return step("for", binds=("one",), uses=("all",), blocks=(Block("body", body),))


def queries_of(page: Function, *seen: OperationTimes, requests: int = 10) -> int:
    own = recorded("app.views.page", *seen, requests=requests)
    (view,) = planned(survey_of(page), recording(own)).views
    return len(view.prediction.before)


def test_a_loop_makes_as_many_turns_as_were_seen() -> None:
    inner = read("b")
    page = function("page", looping(inner))
    line = inner.place.line
    assert queries_of(page) == COSTS.loop_turns
    assert queries_of(page, times("query", 1, line, count=80)) == 8
    assert queries_of(page, times("query", 1, line, count=3)) == 1
    assert queries_of(page, times("query", 1, 9999, count=80)) == COSTS.loop_turns


def test_many_turns_take_their_time() -> None:
    inner = read("b")
    own = recorded("app.views.page", times("query", 2, inner.place.line, count=4000))
    (view,) = planned(survey_of(function("page", looping(inner))), recording(own)).views
    assert view.prediction.before_ms == 8000


def test_a_loop_in_a_loop_makes_its_share_of_turns() -> None:
    outer, inner = read("a"), read("b")
    page = function("page", looping(outer, looping(inner)))
    seen = (
        times("query", 1, outer.place.line, count=30),
        times("query", 1, inner.place.line, count=120),
    )
    assert queries_of(page, *seen) == 3 + 3 * 4


def test_a_helpers_loops_are_not_told_by_what_all_its_callers_did() -> None:
    inner = read("b")
    helper = function("helper", looping(inner))
    page = function("page", calling("", helper.id), calling("", helper.id))
    survey = survey_of(page, helper)
    own = recorded("app.views.page", times("query", 1, inner.place.line, count=4))
    (view,) = planned(survey, recording(own)).views
    assert len(view.prediction.before) == 2 * COSTS.loop_turns


def test_a_view_is_found_by_its_route_where_its_name_is_another() -> None:
    page, _ = three()
    survey = survey_of(page)
    routed = tuple(replace(one, routes=(Route("page/", None),)) for one in survey.views)
    own = recorded("django.views.generic.TemplateView", times("query", 9))
    elsewhere = replace(own, route="other/", operations=(times("query", 1),))
    (view,) = planned(replace(survey, views=routed), recording(own, elsewhere)).views
    assert before(view)[0] == (9, "measured")
    assert view.traffic is not None
    assert view.traffic.requests == 1


def test_a_route_does_not_give_one_view_the_requests_of_another() -> None:
    (page, _), other = three(), function("other", read("a"))
    survey = survey_of(page, other, views=(page, other))
    routed = tuple(replace(one, routes=(Route("page/", None),)) for one in survey.views)
    own = recorded("app.views.page", times("query", 9))
    first, second = planned(replace(survey, views=routed), recording(own)).views
    assert first.traffic is not None
    assert second.traffic is not None
    assert (first.traffic.requests, second.traffic.requests) == (1, 0)
