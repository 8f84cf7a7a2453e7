"""From a recording to a plan, by the command line alone."""

from pathlib import Path

from tests.unblocker.cli.running import run
from tests.unblocker.record.recorded import MANAGE, record
from unblocker.records.codec import from_json
from unblocker.records.plan import Plan, ViewPlan


def planned(project: Path) -> dict[str, ViewPlan]:
    """The plan of each view, by the last part of its name."""
    done = run("plan", "--format", "json", cwd=project)
    assert done.returncode == 0, done.stderr
    views = from_json(done.stdout.encode(), Plan).views
    return {one.view.rpartition(".")[2]: one for one in views}


def test_a_plan_rests_on_what_was_recorded(project: Path) -> None:
    before = planned(project)["counts"]
    assert before.traffic is None
    assert before.prediction.basis == "assumed"

    done = record("--", *MANAGE, "test", "books.tests.ClientTests.test_each_view", cwd=project)
    assert done.returncode == 0, done.stderr
    views = planned(project)
    after = views["counts"]
    assert after.traffic is not None
    assert after.traffic.requests == 2
    assert labels(after) == labels(before)
    assert 0 < after.prediction.before_ms < before.prediction.before_ms
    assert [views[name].prediction.basis for name in ("counts", "add", "outward")] == [
        "measured", "partly measured", "assumed",
    ]  # fmt: skip


def labels(view: ViewPlan) -> list[str]:
    return [span.label for span in view.prediction.before]
