"""A run as Markdown: the targets, then every median with its spread."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

import psutil

from benchmarks.survey.measures import Measure
from benchmarks.survey.projects import Project
from benchmarks.survey.targets import Medians, targets

TITLES: dict[Measure, str] = {
    "parse": "parsing, CPU seconds",
    "read": "reading, CPU seconds",
    "first": "first run, seconds",
    "second": "second run, seconds",
}


def markdown(of: Medians, projects: list[Project], rounds: int) -> Iterator[str]:
    """The whole report, as lines."""
    memory = psutil.virtual_memory().total / 2**30
    when = datetime.now(UTC).date().isoformat()
    yield (
        f"Measured {when} on {os.cpu_count()} cores with {memory:.0f} GiB of memory, CPython "
        f"{platform.python_version()}, {rounds} rounds; medians, lowest and highest round."
    )
    yield from ("", "| ratio | measured | target | met |", "|---|---|---|---|")
    for target in targets(of):
        ratio = target.ratio(of)
        met = "yes" if ratio <= target.limit else "**no**"
        yield f"| {target.what} | {ratio:.2f} | at most {target.limit:g} | {met} |"
    yield ""
    yield (
        "| lines | files | composed of | " + " | ".join(TITLES.values()) + " | reading a line, µs |"
    )
    yield "|---" * (len(TITLES) + 4) + "|"
    for project in projects:
        cells = [_spread(of.all(project.lines, measure)) for measure in TITLES]
        yield (
            f"| {project.lines:,} | {project.files:,} | {', '.join(project.packages)} | {' | '.join(cells)} "
            f"| {of.per_line(project.lines):.0f} |"
        )
    yield ""


def _spread(values: list[float]) -> str:
    return f"{median(values):.3g} ({min(values):.3g}-{max(values):.3g})"
