import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tools.django_suite import outcomes
from tools.django_suite.outcomes import Outcome
from tools.django_suite.runs import Run
from tools.django_suite.source import Source
from tools.django_suite.ways import WAYS

SAMPLE = Path(__file__).parent / "sample"
PASSES, FAILS, IS_SKIPPED = (
    f"samples.cases.Ends.{name}" for name in ("test_a_passes", "test_d_fails", "test_f_is_skipped")
)


@pytest.fixture
def ours(tmp_path):
    source = Source("sample", "", Path(sys.executable), SAMPLE)
    return Run(source, "plain", {}, tmp_path, processes=1, seconds=60)


def words(found):
    return {test: outcome.word for test, outcome in found.items()}


def record(run, **words):
    for test, word in words.items():
        outcomes.append(run.folder / f"{run.mode}-0.jsonl", Outcome(globals()[test], word))


def test_stock_is_asked_only_about_the_doubtful(ours):
    expected, found = WAYS["doubtful"].run(ours, [PASSES, FAILS, IS_SKIPPED])
    assert words(expected) == words(found)
    assert words(found) == {PASSES: "passed", FAILS: "failed", IS_SKIPPED: "skipped"}
    assert replace(ours, mode="stock").recorded().keys() == {FAILS, IS_SKIPPED}


def test_the_last_run_on_stock_can_be_kept(ours):
    record(replace(ours, mode="stock"), PASSES="failed", FAILS="failed")
    expected, found = WAYS["ours"].run(ours, [PASSES])
    assert words(expected) == {PASSES: "failed", FAILS: "failed"}
    assert words(found) == {PASSES: "passed"}


def test_only_what_differed_is_run_again_on_both(ours):
    record(replace(ours, mode="stock"), PASSES="failed", FAILS="passed")
    record(ours, PASSES="hung", FAILS="passed")
    expected, found = WAYS["differing"].run(ours, [])
    assert words(expected) == words(found) == {PASSES: "passed", FAILS: "passed"}
