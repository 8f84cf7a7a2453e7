"""A changed file as the lines of a unified diff."""

import difflib
from dataclasses import dataclass
from typing import Literal

from unblocker.records.changeset import FileChange

type LineKind = Literal["hunk", "same", "gone", "new"]

_KINDS: dict[str, LineKind] = {"@": "hunk", " ": "same", "-": "gone", "+": "new"}
_NO_NEWLINE = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the diff: its text without the marker, and its number before and after."""

    kind: LineKind
    text: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file's diff."""

    path: str
    is_new: bool
    added: int
    removed: int
    lines: tuple[Line, ...]


def file_diff(change: FileChange, context: int = 3) -> FileDiff:
    """The diff of one file, with `context` unchanged lines around each change."""
    lines = tuple(_numbered(_unified(change, context)))
    return FileDiff(
        path=change.path,
        is_new=change.before is None,
        added=sum(line.kind == "new" for line in lines),
        removed=sum(line.kind == "gone" for line in lines),
        lines=lines,
    )


def _unified(change: FileChange, context: int) -> list[str]:
    diff = difflib.unified_diff(
        _lines(change.before or ""), _lines(change.after), n=context, lineterm=""
    )
    return list(diff)[2:]


def _lines(text: str) -> list[str]:
    """Lines as an editor counts them, an end of line other than a lone newline left visible."""
    lines = text.split("\n")
    if not lines[-1]:
        return lines[:-1]
    return [*lines[:-1], f"{lines[-1]}\n{_NO_NEWLINE}"]


def _numbered(unified: list[str]) -> list[Line]:
    lines: list[Line] = []
    before = after = 0
    for row in unified:
        kind = _KINDS[row[0]]
        if kind == "hunk":
            before, after = _starts(row)
            lines.append(Line(kind, row))
            continue
        lines.append(
            Line(
                kind,
                row[1:],
                before if kind != "new" else None,
                after if kind != "gone" else None,
            )
        )
        before += kind != "new"
        after += kind != "gone"
    return lines


def _starts(hunk: str) -> tuple[int, int]:
    """The first line numbers of `@@ -3,7 +3,9 @@`."""
    _, before, after, _ = hunk.split(" ", 3)
    return int(before[1:].split(",")[0]), int(after[1:].split(",")[0])
