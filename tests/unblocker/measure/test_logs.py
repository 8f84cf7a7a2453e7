from pathlib import Path

from unblocker.measure import logs
from unblocker.measure.logs import LogSummary, scan

CHAINED = """\
ERROR Internal Server Error: /a/
Traceback (most recent call last):
  File "a.py", line 1, in a
    b()
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "c.py", line 1, in c
    raise SynchronousOnlyOperation
django.core.exceptions.SynchronousOnlyOperation: not from async
INFO went on
"""


def test_every_traceback_of_a_chain_counts_and_ends_with_its_exception() -> None:
    assert scan(CHAINED.splitlines()) == LogSummary(
        sync_only=2,
        tracebacks=2,
        excerpts=(
            "KeyError: 'a'",
            "django.core.exceptions.SynchronousOnlyOperation: not from async",
        ),
    )


def test_the_same_error_many_times_is_one_excerpt() -> None:
    lines = ["Traceback (most recent call last):", "  File", "ValueError: x"] * 50
    assert scan(lines) == LogSummary(0, 50, ("ValueError: x",))


def test_a_traceback_within_an_exception_group_counts() -> None:
    lines = ["  + Exception Group Traceback (most recent call last):", "  | ExceptionGroup: x"]
    lines += ["    | Traceback (most recent call last):", "    |   File", "    | ValueError: x"]
    assert scan(lines) == LogSummary(0, 2, ("ExceptionGroup: x", "ValueError: x"))


def test_a_log_that_only_mentions_tracebacks_has_none() -> None:
    assert scan(["INFO no Traceback here", "WARNING Not Found: /x/"]) == LogSummary(0, 0, ())


def test_a_traceback_that_was_cut_off() -> None:
    assert scan(["Traceback (most recent call last):"]) == LogSummary(0, 1, ("",))


def test_no_log_says_nothing(tmp_path: Path) -> None:
    assert logs.read(tmp_path / "missing.log") == LogSummary(0, 0, ())
