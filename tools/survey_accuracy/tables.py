"""The tables of expected facts: one file a project, one block a view, one line an operation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(
    r"  (?P<file>\S+):(?P<line>\d+) (?P<kind>[a-z]+)"
    r"(?: reads (?P<reads>\S+))?(?: writes (?P<writes>\S+))?(?P<guard> guard)?"
)


class BadTableError(Exception):
    """A line of a table that says nothing; the message names it."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a view does something to the outside world, and what kind of thing."""

    file: str
    line: int
    kind: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}"


@dataclass(frozen=True, slots=True)
class Touch:
    """What is read and written there, and whether its outcome may end the view."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    guard: bool = False

    def joined(self, other: "Touch") -> "Touch":
        """What two operations at one spot do in all."""
        guard = self.guard or other.guard
        return Touch(self.reads | other.reads, self.writes | other.writes, guard)


type ViewFacts = dict[Spot, Touch]


def read_table(path: Path) -> dict[str, ViewFacts]:
    """The facts of each view.

    Raises:
        BadTableError: a line is no view and no operation, or a view or an operation stands there twice.
    """
    views: dict[str, ViewFacts] = {}
    current: ViewFacts | None = None
    for number, text in _lines(path):
        if text.startswith("view "):
            name = text.removeprefix("view ").strip()
            if name in views:
                raise BadTableError(f"{path.name}:{number}: {name} stands there twice")
            current = views[name] = {}
            continue
        found = _LINE.fullmatch(text)
        if found is None or current is None:
            raise BadTableError(f"{path.name}:{number}: not a view and not an operation: {text!r}")
        spot = Spot(found["file"], int(found["line"]), found["kind"])
        if spot in current:
            raise BadTableError(f"{path.name}:{number}: {spot} stands there twice")
        touch = Touch(_names(found["reads"]), _names(found["writes"]), bool(found["guard"]))
        current[spot] = touch
    return views


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.partition("#")[0].rstrip()
        if text:
            yield number, text


def _names(text: str | None) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()
