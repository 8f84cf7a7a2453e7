"""A survey as annotations of a pull request: the workflow commands of GitHub Actions, a line each.

Format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterable
from pathlib import Path

from unblocker.report.surveyed.results import Result, results
from unblocker.report.surveyed.selection import Shown

_COMMANDS = {"warning": "warning", "note": "notice"}
_IN_TEXT: dict[str, str | int | None] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: dict[str, str | int | None] = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def annotations(shown: Shown, checkout: Path) -> str:
    """A line for each warning, then for each thing that could not be read; views that are left have none.

    Files are told relative to the folder of the checkout, as GitHub wants them.
    """
    left = {code for row in shown.rows if row.plan.verdict == "leave" for code in row.codes}
    wanted = [one for one in results(shown) if one.level == "warning" or one.code not in left]
    return annotations_of(wanted, Path(shown.surveyed.survey.project.root), checkout)


def annotations_of(found: Iterable[Result], root: Path, checkout: Path) -> str:
    """The lines of these results in the project at `root`, warnings first."""
    ordered = sorted(found, key=lambda one: one.level == "note")
    return "".join(f"{_line(one, root, checkout)}\n" for one in ordered)


def _line(result: Result, root: Path, checkout: Path) -> str:
    properties = {"title": result.code}
    if place := result.place:
        file = root / place.file
        name = file.relative_to(checkout) if file.is_relative_to(checkout) else file
        properties |= {"file": name.as_posix(), "line": str(place.line)}
    told = ",".join(f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items())
    return f"::{_COMMANDS[result.level]} {told}::{_escaped(result.text, _IN_TEXT)}"


def _escaped(text: str, escapes: dict[str, str | int | None]) -> str:
    return text.translate(str.maketrans(escapes))
