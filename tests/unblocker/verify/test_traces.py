"""Caches, log records and enqueued tasks compared."""

import logging

import pytest

from unblocker.verify.compare import Seen, compare
from unblocker.verify.protocol import Kept, Logged, Observation, Raised
from unblocker.verify.traces import compare_cache, compare_logs, compare_signals, compare_tasks

ENTRY = Kept("default", ":1:books", "[1, 2]", "for 60 s")
WARNING = Logged("shop", logging.WARNING, "No quote from %s | 'north'")
DETAIL = Logged("shop", logging.DEBUG, "asking")


def observed(**noted: object) -> Observation:
    return Observation(200, **noted)  # type: ignore[arg-type]  # the test's own


@pytest.mark.parametrize(
    "other",
    [
        Kept("default", ":1:book", "[1, 2]", "for 60 s"),
        Kept("default", ":1:books", "(1, 2)", "for 60 s"),
        Kept("default", ":1:books", "[1, 2]", "for ever"),
        Kept("default", ":1:books", "", ""),
        Kept("pages", ":1:books", "[1, 2]", "for 60 s"),
    ],
)
def test_another_entry_is_a_finding(other: Kept) -> None:
    finding = compare_cache(observed(kept=(ENTRY,)), observed(kept=(other,)))
    assert finding
    assert finding.code == "U717"
    assert "default :1:books = [1, 2] for 60 s" in finding.before


def test_masked_tokens_in_a_cached_page_are_none() -> None:
    pages = [
        Kept("default", "page", f'<input name="csrfmiddlewaretoken" value="{token}">', "for 9 s")
        for token in ("one", "two")
    ]
    assert compare_cache(*(observed(kept=(page,)) for page in pages)) is None


def test_a_record_that_is_lost_is_a_finding() -> None:
    finding = compare_logs(observed(logged=(WARNING, WARNING)), observed(logged=(WARNING,)))
    assert finding
    assert finding.before == "WARNING shop: No quote from %s | 'north'"


def test_the_order_of_records_is_none() -> None:
    before, after = observed(logged=(WARNING, DETAIL)), observed(logged=(DETAIL, WARNING))
    assert compare_logs(before, after) is None


def test_the_order_of_tasks_is_a_finding() -> None:
    finding = compare_tasks(observed(enqueued=("a", "b")), observed(enqueued=("b", "a")))
    assert finding
    assert finding.code == "U719"


def test_a_signal_that_is_not_sent_is_a_finding() -> None:
    saved = "post_save from Loan: created=True, instance=Loan 7"
    finding = compare_signals(observed(signals=(saved,)), observed())
    assert finding
    assert (finding.code, finding.text) == (
        "U760",
        "1 signal sent before, 0 after, and not the same",
    )
    assert compare_signals(observed(signals=(saved,)), observed(signals=(saved,))) is None


def aspects_under_fault(old: Observation, new: Observation) -> list[str]:
    return [found.aspect for found in compare(Seen(old, ()), Seen(new, ()), under_fault=True)]


def test_under_a_fault_the_words_of_a_record_do_not_count() -> None:
    other = Logged("shop", logging.WARNING, "No quote from %s | ReadTimeout")
    old, new = observed(logged=(WARNING, DETAIL)), observed(logged=(other,))
    assert aspects_under_fault(old, new) == []


def test_under_a_fault_a_lost_warning_counts() -> None:
    assert aspects_under_fault(observed(logged=(WARNING,)), observed()) == ["logs"]


def test_what_was_noted_before_an_uncaught_error_does_not_count() -> None:
    failed = (Raised("ValueError", "no"),)
    old = observed(raised=failed, logged=(WARNING,), kept=(ENTRY,))
    assert aspects_under_fault(old, observed(raised=failed)) == []
