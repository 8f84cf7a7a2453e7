"""The whole stage, small: real servers, both sides, the rivals."""

from pathlib import Path

import pytest

from tests.unblocker.measure.project import Tiny
from unblocker.config import BenchEntry
from unblocker.measure import load
from unblocker.measure.bench import Bench, Effort
from unblocker.measure.run import measure, with_rivals
from unblocker.measure.servers import App
from unblocker.records import codec
from unblocker.records.measurement import Delays, Measurement
from unblocker.services.processes import Supervisor

PING = BenchEntry(view="ping", path="/ping/")
POST = BenchEntry(view="whoami", path="/whoami/", method="POST", as_user="ann", data={"a": "1"})
BROKEN = BenchEntry(view="broken", path="/broken/")
EFFORT = Effort(
    single_requests=2,
    many_clients=4,
    many_s=0.2,
    many_warmup_s=0.1,
    many_rounds=1,
    headline_s=0.2,
    headline_warmup_s=0.1,
    headline_settle_s=2,
)
DELAYS = Delays(1, 2, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("measured")


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def measured(tiny: Tiny, supervisor: Supervisor, folder: Path, told: list[str]) -> Measurement:
    bench = Bench(
        tiny.app("before"), tiny.app("after"), (PING, POST, BROKEN), "/ping/", DELAYS, EFFORT
    )
    return measure(supervisor, bench, folder, told.append)


def test_every_entry_is_measured_in_turns_and_the_headline_on_the_rivals(
    measured: Measurement,
) -> None:
    sides = [("before", "gunicorn-sync"), ("after", "uvicorn")]
    rivals = [("before", "gunicorn-gthread"), ("before", "gunicorn-gevent")]
    assert [(run.view, run.clients, run.side, run.server) for run in measured.runs] == [
        *((view, 1, *side) for view in ("ping", "whoami", "broken") for side in sides),
        *((view, 4, *side) for view in ("whoami", "broken") for side in sides),
        *(("ping", 4, *side) for side in (sides[0], *rivals, sides[1])),
    ]
    assert measured.headline == "/ping/"
    assert measured.delays == DELAYS


def test_one_client_makes_the_number_of_requests_asked_for(measured: Measurement) -> None:
    assert {run.requests for run in measured.runs if run.clients == 1} == {2}


def test_views_that_work_have_latencies_and_no_errors(measured: Measurement) -> None:
    for run in measured.runs:
        if run.view != "broken":
            assert run.latency, run
            assert run.requests > 0
            assert (run.errors, set(run.statuses)) == (0, {"200"})


def test_a_view_that_fails_has_errors_and_no_latency(measured: Measurement) -> None:
    for run in measured.runs:
        if run.view == "broken":
            assert run.latency is None
            assert (run.throughput, run.statuses) == (0, {"500": run.errors})
            assert run.error_examples == ("status 500",)


def test_the_raw_samples_are_kept(measured: Measurement, folder: Path) -> None:
    assert len({run.samples for run in measured.runs}) == len(measured.runs)
    for run in measured.runs:
        assert len(load.read(folder / run.samples)) == run.requests


def test_every_process_of_every_server_was_warmed_up(measured: Measurement) -> None:
    assert {run.cold for run in measured.runs} == {0}


def test_the_logs_tell_only_what_the_requests_caused(measured: Measurement, folder: Path) -> None:
    failing = {("before", "gunicorn-sync"), ("after", "uvicorn")}
    assert len(measured.logs) == 4
    for log in measured.logs:
        assert (folder / log.log).exists()
        assert log.sync_only == 0
        expected = ("RuntimeError: broken on purpose",) if (log.side, log.server) in failing else ()
        assert log.excerpts == expected


def test_each_server_says_how_it_was_run(measured: Measurement) -> None:
    commands = {server.name: " ".join(server.command) for server in measured.servers}
    assert set(commands) == {"gunicorn-sync", "uvicorn", "gunicorn-gthread", "gunicorn-gevent"}
    assert "tiny_asgi:application" in commands.pop("uvicorn")
    assert all("tiny_wsgi:application" in command for command in commands.values())
    assert all("{port}" in command for command in commands.values())


def test_there_is_a_timeline_of_every_entry_on_both_sides(measured: Measurement) -> None:
    assert [(line.view, line.side) for line in measured.timelines] == [
        (view, side) for view in ("ping", "whoami", "broken") for side in ("before", "after")
    ]


def test_progress_tells_every_run(measured: Measurement, told: list[str]) -> None:
    assert len(told) == 2 + len(measured.runs)
    assert any("/ping/: before, gunicorn-gevent, 4 clients: p50" in text for text in told)


def test_a_measurement_goes_to_json_and_back(measured: Measurement) -> None:
    assert codec.from_json(codec.to_json(measured), Measurement) == measured


def test_without_a_converted_app_the_old_one_is_measured_alone() -> None:
    app = App("before", Path(), {}, "a:wsgi", "a:asgi")
    bench = Bench(app, None, (), "/ping/", DELAYS)
    assert [(side.side, variant.name) for side, variant in with_rivals(bench)] == [
        ("before", "gunicorn-sync"),
        ("before", "gunicorn-gthread"),
        ("before", "gunicorn-gevent"),
    ]


def test_a_headline_that_is_no_entry_is_asked_for_by_nobody() -> None:
    app = App("before", Path(), {}, "a:wsgi", "a:asgi")
    bench = Bench(app, None, (PING, POST), "/elsewhere/", DELAYS)
    assert bench.headline_entry == BenchEntry(view="", path="/elsewhere/")
    assert bench.users == {"ann"}
