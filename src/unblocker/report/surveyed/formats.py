"""The formats of a survey for machines and browsers."""

from unblocker.report.surveyed.document import document
from unblocker.report.surveyed.selection import Shown

FORMATS = ("json",)


def text_of(form: str, shown: Shown) -> str:
    """The survey in one of `FORMATS`."""
    match form:
        case "json":
            return document(shown)
    raise ValueError(form)
