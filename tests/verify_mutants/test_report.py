"""What a run comes to: caught, missed, accused."""

from dataclasses import replace
from pathlib import Path

import pytest

from tools.verify_mutants import report
from tools.verify_mutants.mutants import Mutant
from tools.verify_mutants.run import Caught, Right
from unblocker.records.evidence import Difference, Evidence, ViewEvidence
from unblocker.records.traffic import Request

MUTANT = Mutant("lost", "it is lost", "shop.views.page", frozenset({"U705"}), "fault", ())
FAULT = "database error at SELECT 1"


def difference(code: str = "U705", trial: str = FAULT) -> Difference:
    return Difference(code, "body", "other", Request("GET", "/lost/page/"), "a", "b", trial=trial)


def caught(*differences: Difference) -> Caught:
    view = ViewEvidence("lost", "differs" if differences else "same", 3, differences=differences)
    return Caught(MUTANT, view)


def right(*views: ViewEvidence) -> Right:
    return Right("shop", Evidence(views, 3, (), 1, 0.5, "now"))


def test_a_mutant_is_caught_by_its_code_under_its_kind_of_trial() -> None:
    one = caught(difference("U701"), difference())
    assert one.is_caught
    assert report.total([one]) == "1/1 caught"
    assert (
        "| U701 U705 | GET /page/ as anonymous | database error at SELECT 1 |"
        in report.lines([one])[-1]
    )
    assert report.failures([one], [right(ViewEvidence("page", "same", 3))]) == []


def test_one_that_shows_nothing_is_missed() -> None:
    assert report.failures([caught()], []) == [
        "Missed: lost (expected U705 under a fault; found nothing, 3 requests)"
    ]


def test_one_that_shows_something_else_is_missed() -> None:
    assert not caught(difference("U701")).is_caught


def test_one_that_another_kind_of_trial_shows_is_missed() -> None:
    for trial in ("", "under schedule 3", "the client leaves after 2 completed operations"):
        assert not caught(difference(trial=trial)).is_caught


def test_a_race_may_show_at_once() -> None:
    race = replace(MUTANT, trial="schedule")
    again = "made once more, from the same state"
    for trial, is_caught in (("", True), ("under schedule 3", True), (again, True), (FAULT, False)):
        assert replace(caught(difference(trial=trial)), mutant=race).is_caught is is_caught


def test_a_right_view_that_differs_is_told() -> None:
    view = ViewEvidence("page", "differs", 3, differences=(difference(),))
    (line,) = report.failures([], [right(view, ViewEvidence("list", "same", 3))])
    assert line.startswith("Accused: shop page, U705 other (GET /lost/page/ as anonymous, database")


def test_each_run_writes_its_own_part_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    marks = ("caught", "honest")
    page.write_text("".join(f"<!-- {one} -->\n<!-- end of {one} -->\n" for one in marks))
    monkeypatch.setattr(report, "PAGE", page)
    report.write_caught([caught()], [right(ViewEvidence("page", "same", 3))])
    report.write_honest([right(ViewEvidence("page", "same", 3))], 200)
    report.write_caught([caught(difference())], [])
    text = page.read_text()
    assert ": 1/1 caught." in text
    assert "0/1 caught" not in text
    assert ": 200 schedules for each kind of request; 0 views accused." in text
