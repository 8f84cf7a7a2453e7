"""The part of a file's diff that belongs to one function."""

from collections.abc import Sequence
from dataclasses import dataclass

from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.plan import FunctionPlan
from unblocker.report.diffs import Line, file_diff

_WHOLE_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A function's lines, changed and unchanged."""

    title: str
    lines: tuple[Line, ...]


def excerpts(changeset: Changeset, functions: tuple[FunctionPlan, ...]) -> tuple[Excerpt, ...]:
    """For each function whose file changes, its lines; nothing for those that stay as they are."""
    changes = {change.path: change for change in changeset.files}
    found = (
        _excerpt(changes[function.file], function)
        for function in functions
        if function.file in changes
    )
    return tuple(
        excerpt for excerpt in found if any(line.kind in ("gone", "new") for line in excerpt.lines)
    )


def _excerpt(change: FileChange, function: FunctionPlan) -> Excerpt:
    place = function.place
    lines = [line for line in file_diff(change, _WHOLE_FILE).lines if line.kind != "hunk"]
    old = [
        index
        for index, line in enumerate(lines)
        if line.before is not None and place.line <= line.before <= place.end_line
    ]
    if not old:
        return Excerpt(str(place), ())
    stop = _end_of_new(lines, old[-1] + 1, over_blanks=function.twin)
    return Excerpt(str(place), tuple(lines[old[0] : stop]))


def _end_of_new(lines: Sequence[Line], start: int, *, over_blanks: bool) -> int:
    """Where the new lines behind `start` end.

    Before a twin the diff may count the blank lines as unchanged: it continues over them.
    """
    end = start
    for index in range(start, len(lines)):
        blank = not lines[index].text.strip()
        if lines[index].kind == "new" and not blank:
            end = index + 1
        elif not (lines[index].kind == "new" or (blank and over_blanks)):
            break
    return end
