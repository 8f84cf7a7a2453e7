"""A changeset as a unified diff."""

from collections.abc import Iterator
from difflib import unified_diff

from unblocker.records.changeset import Changeset, FileChange


def diff(changeset: Changeset) -> str:
    """The whole changeset as one text that `git apply` and `patch -p1` take."""
    return "".join(file_diff(change) for change in changeset.files)


def file_diff(change: FileChange) -> str:
    """The unified diff of one file with three lines of context; empty where nothing changes."""
    before = "/dev/null" if change.before is None else f"a/{change.path}"
    lines = unified_diff(
        list(_lines(change.before or "")), list(_lines(change.after)), before, f"b/{change.path}"
    )
    return "".join(_ended(line) for line in lines)


def _lines(text: str) -> Iterator[str]:
    """The lines with their endings; only a line feed ends a line, as for `patch`."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
