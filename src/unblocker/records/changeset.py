"""What the rewrite wants written: whole files, old text and new."""

from dataclasses import dataclass

from unblocker.records.survey import Problem


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file's bytes before and after as text, line endings kept (`newline=""`); path relative to the root.

    `before` is None for a file that is new.
    """

    path: str
    encoding: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Changeset:
    """All files that change together, the views that are converted by them, and what could not be rewritten."""

    root: str
    files: tuple[FileChange, ...]
    views: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
