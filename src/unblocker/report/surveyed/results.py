"""A survey as results at places, for code scanning and annotations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.survey import Problem
from unblocker.report.surveyed.rows import Row
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.wording import gain, predicted

type Level = Literal["warning", "note"]


@dataclass(frozen=True, slots=True)
class Result:
    """One thing to know: what fails, blocks or could be faster is a warning, what is left or not read a note."""

    code: str
    level: Level
    text: str
    place: Place | None


def results(shown: Shown) -> Iterator[Result]:
    """The findings, then each reason of the project's own views, then what could not be read."""
    yield from results_of_findings(shown.findings)
    for row in shown.rows:
        if row.is_own:
            yield from _of_view(row)
    yield from results_of_problems(shown.problems)
    for row in shown.rows:
        yield from results_of_problems(row.problems)


def results_of_findings(findings: Iterable[Finding]) -> Iterator[Result]:
    """A warning for each."""
    for finding in findings:
        yield Result(finding.code, "warning", f"{finding.text}: {finding.fix}", finding.place)


def results_of_problems(problems: Iterable[Problem]) -> Iterator[Result]:
    """A note for each."""
    for problem in problems:
        yield Result(problem.code, "note", problem.text, problem.place)


def is_outside(place: Place) -> bool:
    """Whether the place is outside the project."""
    return PurePosixPath(place.file).is_absolute()


def _of_view(row: Row) -> Iterator[Result]:
    if row.place is None or is_outside(row.place):
        return
    level: Level = "note" if row.plan.verdict == "leave" else "warning"
    told = f" ({predicted(row.plan)})" if gain(row.plan) else ""
    for reason in row.plan.reasons:
        text = f"{row.view.id}: {row.plan.verdict}: {reason.text}{told}"
        yield Result(reason.code, level, text, reason.place or row.place)
