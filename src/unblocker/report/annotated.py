"""The differences that verify found, as annotations of a pull request at their views."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from unblocker.records.evidence import Evidence
from unblocker.records.survey import View
from unblocker.report.surveyed.github import annotations_of
from unblocker.report.surveyed.results import Result


def annotated(evidence: Evidence, views: Iterable[View], root: Path, checkout: Path) -> str:
    """A line a difference; files are told relative to the folder of the checkout, as GitHub wants them."""
    return annotations_of(_results(evidence, views), root, checkout)


def _results(evidence: Evidence, views: Iterable[View]) -> Iterator[Result]:
    places = {view.id: view.place for view in views}
    for one in evidence.views:
        for difference in one.differences:
            trial = f", {difference.trial}" if difference.trial else ""
            text = f"{one.view}: {difference.text}: {difference.request}{trial}"
            yield Result(difference.code, "warning", text, places.get(one.view))
