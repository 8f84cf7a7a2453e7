"""The linter's findings, in every format."""

from pathlib import Path

from unblocker.records.codec import to_json
from unblocker.records.findings import Finding
from unblocker.records.report import Linted
from unblocker.report.surveyed.github import annotations_of
from unblocker.report.surveyed.results import results_of_findings, results_of_problems
from unblocker.report.surveyed.sarif import sarif_of

FORMATS = ("table", "json", "sarif", "github")


def findings_text(form: str, linted: Linted, checkout: Path) -> str:
    """The findings in one of `FORMATS`; empty or ending in a newline.

    `checkout` is the folder to which GitHub's annotations are relative.
    """
    if form == "table":
        return "".join(f"{line(one)}\n    {one.fix}\n" for one in linted.findings)
    if form == "json":
        return to_json(linted).decode()
    found = (*results_of_findings(linted.findings), *results_of_problems(linted.problems))
    if form == "sarif":
        return sarif_of(found, linted.root)
    return annotations_of(found, Path(linted.root), checkout)


def line(finding: Finding) -> str:
    """`file:line:column CODE text`; columns count from 1, as editors do."""
    place = finding.place
    return f"{place.file}:{place.line}:{place.column + 1} {finding.code} {finding.text}"
