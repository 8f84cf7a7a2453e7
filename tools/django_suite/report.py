"""The result in `docs/django-suite.md`, between two markers."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tools.django_suite import accepted
from tools.django_suite.outcomes import Difference, Outcome, counts, differences
from tools.django_suite.source import ROOT, Source
from tools.docs_page import Marks, write_between

PAGE = ROOT / "docs" / "django-suite.md"


@dataclass(frozen=True, slots=True)
class Result:
    """Both runs.

    Attributes:
        source: which Django.
        server: the database server's name.
        part: what was run: all, core, or another name.
        mode: how ours ran.
        note: what to know of how stock ran.
        stock: outcomes on the stock backend, by test.
        ours: outcomes on our engine.
    """

    source: Source
    server: str
    part: str
    mode: str
    note: str
    stock: Mapping[str, Outcome]
    ours: Mapping[str, Outcome]

    @property
    def differing(self) -> list[Difference]:
        """The tests with another outcome."""
        return differences(self.stock, self.ours)

    @property
    def unexplained(self) -> list[Difference]:
        """The differences that nobody has accepted."""
        return [each for each in self.differing if each.test not in accepted.REASONS]


def write(result: Result) -> None:
    """Put the result into the page, in its place: there is one per part and series of Django.

    Raises:
        ValueError: there is none for this part and series.
    """
    series = ".".join(result.source.version.split(".")[:2])
    marks = Marks(f"<!-- result: {result.part} of {series} -->", "<!-- end -->")
    write_between(PAGE, marks, _lines(result))


def _lines(result: Result) -> Iterator[str]:
    yield f"{datetime.now(UTC):%Y-%m-%d}, {_commit()}, {os.cpu_count()} cores, {_memory()} GB."
    yield f"Django {result.source.version}, {result.server}; {result.source.packages}."
    yield ""
    yield "| engine | tests |"
    yield "|---|---|"
    yield f"| stock | {counts(result.stock.values())} |"
    yield f"| django-unblock, mode `{result.mode}` | {counts(result.ours.values())} |"
    yield ""
    differing, unexplained = len(result.differing), len(result.unexplained)
    yield f"With another outcome: {differing}; unexplained: {unexplained}. {result.note}".rstrip()
    yield ""
    if result.differing:
        yield "| test | stock | ours | reason |"
        yield "|---|---|---|---|"
    for each in result.differing:
        reason = accepted.REASONS.get(each.test, "**not explained**")
        yield f"| `{each.test}` | {each.stock} | {each.ours} | {reason} |"
    failing = sorted(o.test for o in result.stock.values() if o.word in ("failed", "error"))
    if failing:
        yield f"\nThe {len(failing)} that fail on the stock backend, on this machine:\n"
    for test in failing:
        yield f"* `{test}`"


def _commit() -> str:
    ask = ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"]
    return (
        "commit " + subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    )


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
