import signal
import sys
from pathlib import Path

import pytest

from tools.django_suite.runs import CannotRunError, Processes, Run, split
from tools.django_suite.source import Source

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def run(tmp_path):
    source = Source("sample", "", Path(sys.executable), SAMPLE)
    return Run(source, "stock", {}, tmp_path / "results", processes=1, seconds=3)


def test_each_test_has_one_outcome_even_if_the_process_hangs_or_dies(run):
    found = run.outcomes(["samples.cases"])
    assert {test.removeprefix("samples.cases."): each.word for test, each in found.items()} == {
        "Ends.test_a_passes": "passed",
        "Ends.test_b_dies": "crashed",
        "Ends.test_c_hangs": "hung",
        "Ends.test_d_fails": "failed",
        "Ends.test_e_raises": "error",
        "Ends.test_f_is_skipped": "skipped",
        "Ends.test_g_fails_as_expected": "expected failure",
        "Ends.test_h_does_not_fail_as_expected": "unexpected success",
        "Ends.test_i_fails_in_a_part": "failed",
        "setUpClass (samples.cases.NeverSetUp)": "error",
        "setUpClass (samples.cases.SkippedWhole)": "skipped",
    }
    assert "in test_c_hangs" in found["samples.cases.Ends.test_c_hangs"].detail


def test_a_failure_keeps_its_traceback_and_a_skip_its_reason(run):
    failed, skipped = run.outcomes(
        ["samples.cases.Ends.test_d_fails", "samples.cases.Ends.test_f_is_skipped"]
    ).values()
    assert "AssertionError: as it should" in failed.detail
    assert skipped.detail == "of no use"


def test_a_process_that_runs_no_test_is_no_result(run, tmp_path):
    (tmp_path / "runtests.py").write_text("raise ImportError('nothing here')")
    source = Source("broken", "", Path(sys.executable), tmp_path)
    broken = Run(source, "stock", {}, tmp_path / "results", processes=1, seconds=3)
    with pytest.raises(CannotRunError, match="nothing here"):
        broken.outcomes(["samples"])


def test_labels_are_spread_by_the_size_of_their_modules(tmp_path):
    for name, size in {"big": 900, "middling": 500, "small": 300}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "tests.py").write_text("#" * size)
    assert split(["small", "middling", "big"], 2, tmp_path) == [["big"], ["middling", "small"]]


def test_there_are_no_empty_shards(tmp_path):
    assert split(["one"], 4, tmp_path) == [["one"]]


def test_what_still_runs_at_the_end_is_ended_and_nothing_is_started_after_it():
    with Processes() as processes:
        sleeping = processes.start([sys.executable, "-c", "import time; time.sleep(3600)"])
    assert sleeping.wait() == -signal.SIGKILL
    with pytest.raises(CannotRunError, match="interrupted"):
        processes.start([sys.executable, "-c", ""])
