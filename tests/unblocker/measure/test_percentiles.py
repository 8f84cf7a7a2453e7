import pytest

from unblocker.measure.percentiles import Sample, latency, percentile, summarise


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 15), (5, 15), (30, 20), (40, 20), (50, 35), (99, 50), (100, 50)]
)
def test_percentiles_are_by_nearest_rank(percent: float, value: float) -> None:
    """The example of https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method."""
    assert percentile([15, 20, 35, 40, 50], percent) == value


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert {percentile([7.0], percent) for percent in (1, 50, 99)} == {7.0}


def test_the_distribution_of_a_hundred_known_times_in_any_order() -> None:
    found = latency([float(time) for time in range(100, 0, -1)])
    assert found
    assert (found.p50, found.p90, found.p99, found.worst) == (50, 90, 99, 100)
    assert found.mean == 50.5


def test_there_is_no_distribution_of_nothing() -> None:
    assert latency([]) is None


def test_failures_count_as_errors_and_not_towards_throughput_or_latency() -> None:
    samples = [
        Sample(0.0, 10, 200, 5),
        Sample(0.1, 20, 302, 0),
        Sample(0.2, 1, 500, 9),
        Sample(0.3, 1, 404, 9),
        Sample(0.4, 2, 0, 0, "connection refused"),
        Sample(0.5, 2, 0, 0, "connection refused"),
    ]
    found = summarise(samples, seconds=2)
    assert found.requests == 6
    assert found.throughput == 1.0
    assert found.errors == 4
    assert found.statuses == {"200": 1, "302": 1, "500": 1, "404": 1, "0": 2}
    assert found.error_examples == ("status 500", "status 404", "connection refused")
    assert found.latency
    assert found.latency.worst == 20


def test_an_answer_that_broke_off_is_a_failure_whatever_its_status() -> None:
    assert Sample(0, 10, 200, 5, "broke off").failed


def test_only_three_examples_of_errors_are_kept() -> None:
    samples = [Sample(0, 1, 0, 0, f"error {number}") for number in range(9)]
    assert summarise(samples, 1).error_examples == ("error 0", "error 1", "error 2")


def test_a_run_in_which_nothing_ended() -> None:
    found = summarise([], seconds=2)
    assert (found.requests, found.throughput, found.latency, found.errors) == (0, 0, None, 0)
