from dataclasses import replace

from unblocker.report.pairs import baseline, median, pairs, rivals


def test_a_view_is_compared_on_the_servers_that_served_most_views(measurement):
    assert baseline(measurement, "before") == "gunicorn-sync"
    assert baseline(measurement, "after") == "uvicorn"


def test_runs_are_paired_by_clients_fewest_first(measurement):
    alone, crowd = pairs(measurement, "overview")
    assert (alone.clients, crowd.clients) == (1, 50)
    assert {pair.before.server for pair in (alone, crowd)} == {"gunicorn-sync"}
    assert alone.speedup == 334 / 118


def test_a_side_that_is_missing_makes_no_pair(measurement):
    before = replace(
        measurement, runs=tuple(run for run in measurement.runs if run.side == "before")
    )
    assert pairs(before, "overview") == ()


def test_a_run_without_success_has_no_median_and_no_ratio(measurement):
    failed = replace(measurement.runs[0], latency=None, throughput=0.0)
    pair = replace(pairs(measurement, "overview")[0], before=failed)
    assert median(failed) is None
    assert pair.speedup is None
    assert pair.gain is None


def test_rivals_are_the_headlines_busiest_runs_slowest_first(measurement):
    found = rivals(measurement)
    assert [run.server for run in found] == [
        "gunicorn-sync",
        "gunicorn-gthread",
        "gunicorn-gevent",
        "uvicorn",
    ]
    assert {run.clients for run in found} == {50}
    assert {run.path for run in found} == {"/overview/"}
