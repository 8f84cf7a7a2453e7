import pytest

from unblocker.records.plan import Prediction
from unblocker.records.plan import Span as PredictedSpan
from unblocker.report.waterfall import (
    Bar,
    measured_waterfall,
    predicted_waterfall,
    timelines,
)


@pytest.fixture
def traced(measurement):
    return measured_waterfall(*timelines(measurement, "overview"))


def test_every_span_becomes_a_bar_in_its_lane(traced, measurement):
    assert [len(lane.bars) for lane in traced.lanes] == [
        len(timeline.spans) for timeline in measurement.timelines
    ]


def test_both_lanes_have_one_scale(traced):
    scales = {round(bar.left / bar.start_ms, 6) for lane in traced.lanes for bar in lane.bars} | {
        round(lane.response_at / lane.response_ms, 6) for lane in traced.lanes
    }
    assert len(scales) == 1


def test_nothing_leaves_the_chart(traced):
    assert all(
        bar.left >= 0 and bar.left + bar.width <= 100 for lane in traced.lanes for bar in lane.bars
    )
    assert all(0 <= tick.at <= 100 for tick in traced.ticks)


def test_what_ends_after_the_response_ran_behind_it(traced):
    before, after = traced.lanes
    assert [bar.behind for bar in before.bars] == [False] * 4
    assert [bar.label for bar in after.bars if bar.behind] == ["to <maria@example.com>"]


def test_ticks_are_round_and_few(traced):
    assert [tick.milliseconds for tick in traced.ticks] == [0, 100, 200, 300]


def test_one_side_alone_is_no_waterfall(measurement):
    assert timelines(measurement, "compare") is None


def test_a_prediction_is_marked_as_such(plan):
    chart = predicted_waterfall(plan.views[0].prediction)
    assert not chart.measured
    assert [lane.response_ms for lane in chart.lanes] == [320, 200]


def test_no_predicted_io_no_waterfall(plan):
    assert predicted_waterfall(plan.views[-1].prediction) is None


@pytest.mark.parametrize(
    ("left", "width", "at", "runs_left"),
    [(10, 30, 10, False), (10, 1, 11, False), (60, 30, 90, True), (60, 1, 60, True)],
)
def test_a_label_lies_over_a_wide_bar_and_beside_a_narrow_one(left, width, at, runs_left):
    bar = Bar("SELECT", "query", 0, 1, left, width)
    assert (bar.label_at, bar.label_runs_left) == (at, runs_left)


def test_a_long_label_is_cut():
    bar = Bar("x" * 60, "query", 0, 1, 0, 10)
    assert bar.short_label == "x" * 47 + "…"
    assert Bar("x" * 48, "query", 0, 1, 0, 10).short_label == "x" * 48


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("GET http://127.0.0.1:45177/rates?base=EUR", "GET /rates?base=EUR"),
        ("GET https://rates.test/v1", "GET https://rates.test/v1"),
    ],
)
def test_only_a_stand_ins_address_is_left_out(label, short):
    assert Bar(label, "http", 0, 1, 0, 10).short_label == short


def test_operations_in_a_row_are_told_with_their_number():
    spans = (PredictedSpan("Order.customer", "query", 0.0, 5000.0, times=1000),)
    chart = predicted_waterfall(Prediction(spans, spans))
    assert chart.lanes[0].bars[0].label == "Order.customer \N{MULTIPLICATION SIGN}1,000"
