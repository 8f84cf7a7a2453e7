import pytest

from tools.django_suite import accepted, outcomes
from tools.django_suite.outcomes import Difference, Outcome


def results(**words):
    return {test: Outcome(test, word) for test, word in words.items()}


def test_the_same_outcomes_do_not_differ():
    assert (
        outcomes.differences(results(a="passed", b="failed"), results(b="failed", a="passed")) == []
    )


@pytest.mark.parametrize("word", ["failed", "error", "skipped", "hung", "crashed"])
def test_another_outcome_differs(word):
    found = outcomes.differences(results(a="passed", b="passed"), results(a="passed", b=word))
    assert found == [Difference("b", "passed", word, "")]


def test_a_test_that_one_side_did_not_run_differs():
    found = outcomes.differences(results(a="passed"), results(b="passed"))
    assert [str(each) for each in found] == [
        "a: stock passed, ours not run",
        "b: stock not run, ours passed",
    ]


def test_counts_tell_the_most_frequent_first():
    assert (
        outcomes.counts(results(a="skipped", b="passed", c="passed").values())
        == "3: 2 passed, 1 skipped"
    )


def test_a_class_that_could_not_be_set_up_is_named_by_the_class():
    assert outcomes.label("setUpClass (async.tests.ViewTests)") == "async.tests.ViewTests"
    assert outcomes.label("async.tests.ViewTests.test_a") == "async.tests.ViewTests.test_a"


def test_a_record_that_ends_within_a_test_names_it(tmp_path):
    path = tmp_path / "record.jsonl"
    path.write_text(
        '{"start": "a"}\n{"test": "a", "outcome": "passed", "detail": ""}\n{"start": "b"}\n'
    )
    record = outcomes.read(path)
    assert record.running == "b"
    assert record.outcomes == results(a="passed")
    outcomes.append(path, Outcome("b", "hung", "the log"))
    assert outcomes.read(path) == outcomes.Record(
        {**results(a="passed"), "b": Outcome("b", "hung", "the log")}, running=None
    )


def test_at_most_ten_tests_are_accepted_to_differ_each_with_a_reason():
    assert len(accepted.REASONS) <= 10
    assert all(reason.endswith(".") for reason in accepted.REASONS.values())
