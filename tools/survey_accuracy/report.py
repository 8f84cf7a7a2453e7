"""The figures, for the terminal and for the documentation's page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tools.docs_page import FIGURES, write_between
from tools.environments import ROOT
from tools.markdown_table import markdown_table
from tools.survey_accuracy.projects import Project
from tools.survey_accuracy.score import Comparison, Score, Tally

PAGE = ROOT / "docs" / "survey-accuracy.md"
PRECISION, RECALL = 0.98, 0.97
LEAST_VIEWS, LEAST_PROJECTS = 150, 4
_HEAD = ("project", "views", "facts", "operations", "reads", "writes", "guards", "unknown")

type Measured = Sequence[tuple[Project, Comparison]]


def lines(measured: Measured) -> list[str]:
    """A table for the terminal: precision / recall of each kind of fact."""
    rows = [_HEAD, *_rows(measured)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def differences(measured: Measured) -> Iterator[str]:
    """A line for each fact on which table and survey differ."""
    for project, comparison in measured:
        for one in comparison.differences:
            yield f"{project.name}  {one.view}  {one.spot}  {one.what}\n"


def missed(measured: Measured) -> list[str]:
    """What of the target is not met, a line each; none where all is."""
    found = total(measured).operations
    views = sum(comparison.views for _, comparison in measured)
    wanted = (
        ("precision of operations", found.precision, PRECISION),
        ("recall of operations", found.recall, RECALL),
        ("views", views, LEAST_VIEWS),
        ("projects", len(measured), LEAST_PROJECTS),
    )
    return [
        f"Missed: {name} {is_:.4g}, at least {least}" for name, is_, least in wanted if is_ < least
    ]


def total(measured: Measured) -> Score:
    """The score over all projects."""
    return sum((comparison.score for _, comparison in measured), Score())


def write(measured: Measured) -> None:
    """Put the figures, with today's date, into the documentation's page."""
    table = markdown_table(_HEAD, _rows(measured))
    today = datetime.now(tz=UTC).date()
    write_between(PAGE, FIGURES, [f"Measured on {today}.", "", *table])


def _rows(measured: Measured) -> Iterator[tuple[str, ...]]:
    for project, comparison in measured:
        name = f"{project.name} {project.version}"
        yield _row(name, comparison.views, comparison.score, comparison.unknowns)
    views = sum(comparison.views for _, comparison in measured)
    unknowns = sum(comparison.unknowns for _, comparison in measured)
    yield _row("all", views, total(measured), unknowns)


def _row(name: str, views: int, score: Score, unknowns: int) -> tuple[str, ...]:
    facts = score.operations.right + score.operations.missed
    tallies = (score.operations, score.reads, score.writes, score.guards)
    return (name, str(views), str(facts), *map(_figures, tallies), str(unknowns))


def _figures(tally: Tally) -> str:
    return f"{tally.precision:.3f} / {tally.recall:.3f}"
