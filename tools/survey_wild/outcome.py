"""What came of surveying one package."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tools.survey_wild.packages import Package
from unblocker.records.survey import Operation, Problem, Step, Survey

DEFECT = "U406"
"""The code of a function that the survey failed to read: a crash in disguise."""

_OWN_ERROR = re.compile(r"^error: (U\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One package's survey.

    Attributes:
        version: the package's.
        failure: why there is no usable survey; empty where there is one.
        views: how many views the URLconf leads to.
        read: how many of them have source that was read.
        functions: how many functions were read.
        operations: how many operations they and the templates do.
        unknown: how many of those do something that the survey could not tell.
        problems: what could not be read or stands in the way, by code.
        defects: the places where the survey itself failed.
        seconds: of the whole command.
        megabytes: its peak memory.
    """

    package: Package
    version: str
    failure: str
    seconds: float
    megabytes: float
    views: int = 0
    read: int = 0
    functions: int = 0
    operations: int = 0
    unknown: int = 0
    problems: tuple[tuple[str, int], ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the survey came to its end, and read all that it set out to read."""
        return not self.failure and not self.defects


def failure(status: int, errors: str, *, in_time: bool) -> str:
    """Why a survey command failed, in a line; empty where it did not."""
    if not in_time:
        return "it did not end in time"
    if "Traceback (most recent call last)" in errors:
        return "a traceback"
    told = _OWN_ERROR.search(errors)
    if told:
        return f"error {told[1]}"
    return f"status {status}" if status else ""


def outcome_of(package: Package, version: str, survey: Survey, use: tuple[float, float]) -> Outcome:
    """The outcome of a survey that took these seconds and megabytes."""
    done = list(_operations(survey))
    problems = list(_problems(survey))
    return Outcome(
        package,
        version,
        "",
        *use,
        views=len(survey.views),
        read=sum(view.function is not None for view in survey.views),
        functions=len(survey.functions),
        operations=len(done),
        unknown=sum(
            any(place.kind == "unknown" for place in (*each.reads, *each.writes)) for each in done
        ),
        problems=tuple(sorted(Counter(problem.code for problem in problems).items())),
        defects=tuple(
            f"{problem.place}: {problem.text}" for problem in problems if problem.code == DEFECT
        ),
    )


def _operations(survey: Survey) -> Iterator[Operation]:
    for function in survey.functions:
        yield from _within(function.steps)
    for template in survey.templates:
        yield from template.operations


def _within(steps: tuple[Step, ...]) -> Iterator[Operation]:
    for step in steps:
        yield from step.operations
        for block in step.blocks:
            yield from _within(block.steps)


def _problems(survey: Survey) -> Iterator[Problem]:
    """Each problem once, wherever it is told."""
    views = (problem for view in survey.views for problem in view.problems)
    functions = (problem for function in survey.functions for problem in function.obstacles)
    yield from dict.fromkeys([*survey.problems, *views, *functions])
