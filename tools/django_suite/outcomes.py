"""What became of each test, and where two runs differ."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one test.

    Attributes:
        test: its dotted id, as unittest gives it.
        word: passed, failed, error, skipped, expected failure, unexpected success, hung, crashed.
        detail: the traceback, or the reason of a skip.
    """

    test: str
    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A test whose outcome differs."""

    test: str
    stock: str
    ours: str
    detail: str

    def __str__(self) -> str:
        return f"{self.test}: stock {self.stock}, ours {self.ours}"


@dataclass(frozen=True, slots=True)
class Record:
    """One process's record as far as it was written.

    Attributes:
        outcomes: by test id.
        running: the test that was started and has no outcome.
    """

    outcomes: Mapping[str, Outcome]
    running: str | None


def read(path: Path) -> Record:
    """Read what the runner in the process has written (see `inside/suite_runner.py`)."""
    outcomes: dict[str, Outcome] = {}
    running = None
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        line = json.loads(text)
        running = line.get("start")
        if running is None:
            outcomes[line["test"]] = Outcome(line["test"], line["outcome"], line["detail"])
    return Record(outcomes, running)


def is_within_test(path: Path) -> bool:
    """Return whether the record ends with the start of a test."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1000))
        last = file.read().rstrip().rpartition(b"\n")[2]
    return last.startswith(b'{"start"')


def append(path: Path, outcome: Outcome) -> None:
    """Add the outcome of a test that could not write it itself."""
    line = {"test": outcome.test, "outcome": outcome.word, "detail": outcome.detail}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def label(test: str) -> str:
    """Return what names the test to Django's runner: for ``setUpClass (a.tests.B)`` its class."""
    return test.partition("(")[2].removesuffix(")") or test


def differences(stock: Mapping[str, Outcome], ours: Mapping[str, Outcome]) -> list[Difference]:
    """Return the tests with another outcome, by name."""
    found = []
    for test in sorted(stock.keys() | ours.keys()):
        expected, actual = (side.get(test, Outcome(test, NOT_RUN)) for side in (stock, ours))
        if expected.word != actual.word:
            detail = actual.detail or expected.detail
            found.append(Difference(test, expected.word, actual.word, detail))
    return found


def counts(outcomes: Iterable[Outcome]) -> str:
    """Return how many tests there are of each outcome, in words: ``88: 86 passed, 2 skipped``."""
    words = Counter(outcome.word for outcome in outcomes)
    each = ", ".join(f"{number:,} {word}" for word, number in words.most_common())
    return f"{words.total():,}: {each}"
