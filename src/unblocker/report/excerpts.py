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
    stop = old[-1] + 1
    if function.twin:
        stop = _end_of_twin(lines, stop)
    return Excerpt(str(place), tuple(lines[old[0] : stop]))


def _end_of_twin(lines: Sequence[Line], start: int) -> int:
    """Where the new lines behind a function end; the diff may count the blank ones between as unchanged."""
    end = start
    for index in range(start, len(lines)):
        if lines[index].text.strip() and lines[index].kind != "new":
            break
        if lines[index].text.strip():
            end = index + 1
    return end
