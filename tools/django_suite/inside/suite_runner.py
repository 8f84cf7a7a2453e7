"""The test runner: Django's own, which also writes each test's outcome to a file as it happens.

The file has a JSON object per line: ``{"start": id}`` and ``{"test": id, "outcome": word, "detail": text}``.
A run that is taken up again leaves out the tests whose outcome the file has already.
"""

import json
import os
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.test.runner import DiscoverRunner

RECORD = Path(os.environ["SUITE_RECORD"])


def recorded() -> set[str]:
    """The ids of the tests with an outcome."""
    if not RECORD.exists():
        return set()
    lines = map(json.loads, RECORD.read_text(encoding="utf-8").splitlines())
    return {line["test"] for line in lines if "test" in line}


def write(**line: str) -> None:
    """Add a line to the record."""
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


class _Result(unittest.TextTestResult):
    """Notes one outcome per test: the worst, if its parts (subtests, clean-up) have several."""

    _outcome = ("", "")

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        self._outcome = ("passed", "")
        write(start=test.id())
        super().startTest(test)

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        self._write_outcome(test)

    def _write_outcome(self, test: Any) -> None:
        outcome, detail = self._outcome
        self._outcome = ("", "")
        write(test=test.id(), outcome=outcome, detail=detail)

    def _note(self, test: Any, outcome: str, detail: str) -> None:
        if self._outcome[0] not in ("failed", "error"):
            self._outcome = (outcome, detail)
        if not isinstance(test, unittest.TestCase):  # setUpClass, which is not started nor stopped
            self._write_outcome(test)

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addError(test, err)
        self._note(test, "error", self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addFailure(test, err)
        self._note(test, "failed", self.failures[-1][1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            found = self.failures if failed else self.errors
            self._note(test, "failed" if failed else "error", found[-1][1])

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        super().addExpectedFailure(test, err)
        self._note(test, "expected failure", "")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        super().addUnexpectedSuccess(test)
        self._note(test, "unexpected success", "")


class Runner(DiscoverRunner):
    """Django's runner, recording."""

    def get_resultclass(self) -> type[unittest.TextTestResult]:
        """The recording result."""
        return _Result

    def build_suite(self, *args: Any, **kwargs: Any) -> unittest.TestSuite:
        """The tests that have no outcome yet."""
        suite = super().build_suite(*args, **kwargs)
        done = recorded()
        return type(suite)(test for test in _each(suite) if test.id() not in done)


def _each(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _each(test)
        else:
            yield test
