"""The formats of a survey for machines and browsers."""

from pathlib import Path

from unblocker.report.surveyed.document import document
from unblocker.report.surveyed.github import annotations
from unblocker.report.surveyed.sarif import sarif
from unblocker.report.surveyed.selection import Shown

FORMATS = ("json", "sarif", "github", "html")


def text_of(form: str, shown: Shown, checkout: Path) -> str:
    """The survey in one of `FORMATS`; `checkout` is the folder to which GitHub's annotations are relative."""
    match form:
        case "json":
            return document(shown)
        case "sarif":
            return sarif(shown)
        case "github":
            return annotations(shown, checkout)
        case "html":
            # Here, as only a page needs Jinja and a Markdown parser, which take a while to import.
            from unblocker.report.surveyed.page import render

            return render(shown)
        case _:
            raise ValueError(form)
