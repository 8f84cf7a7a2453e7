"""The outcomes as lines of a terminal and as `docs/survey-wild.md`."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tools.docs_page import LAST_RUN, write_between
from tools.environments import ROOT
from tools.survey_wild.outcome import Outcome
from tools.survey_wild.packages import table

PAGE = ROOT / "docs" / "survey-wild.md"


def line(outcome: Outcome) -> str:
    """The outcome in one line, with what went wrong below it."""
    package = f"{outcome.package.name} {outcome.version}"
    use = f"{outcome.seconds:.1f} s, {outcome.megabytes:.0f} MB"
    if outcome.failure:
        return f"FAILED  {package}: {outcome.failure} ({use})"
    found = f"{outcome.read} of {outcome.views} views read, {outcome.operations} operations"
    state = "ok    " if outcome.good else "DEFECT"
    return "\n    ".join([f"{state}  {package}: {found} ({use})", *outcome.defects])


def total(outcomes: Sequence[Outcome]) -> str:
    """All outcomes in one line."""
    bad = sum(not outcome.good for outcome in outcomes)
    views, read = sum(each.views for each in outcomes), sum(each.read for each in outcomes)
    seconds = sum(each.seconds for each in outcomes)
    return (
        f"{len(outcomes)} packages, {bad} of them failed; {read:,} of {views:,} views read, "
        f"{sum(each.operations for each in outcomes):,} operations, in {seconds:.0f} s"
    )


def write(outcomes: Sequence[Outcome]) -> None:
    """Put the result into the page, in place of the last one."""
    write_between(PAGE, LAST_RUN, _lines(outcomes))


def _lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores. {total(outcomes)}."
    yield f"Ranks as of {table().checked:%Y-%m-%d}."
    yield ""
    yield "| package | rank | its views | Django | views | read | operations | unknown | told, by code | s | MB |"
    yield "|---|--:|---|---|--:|--:|--:|--:|---|--:|--:|"
    yield from map(_row, outcomes)


def _row(outcome: Outcome) -> str:
    package = outcome.package
    codes = ", ".join(f"{code}: {count}" for code, count in outcome.problems)
    cells = [
        f"{package.name} {outcome.version}",
        str(package.rank or "-"),
        package.why,
        package.django,
        str(outcome.views),
        str(outcome.read),
        str(outcome.operations),
        str(outcome.unknown),
        f"**{outcome.failure}**" if outcome.failure else codes,
        f"{outcome.seconds:.1f}",
        f"{outcome.megabytes:.0f}",
    ]
    return f"| {' | '.join(cells)} |"
