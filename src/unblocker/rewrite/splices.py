"""Pieces of text put in the place of others; everything else stays as it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from unblocker.records.places import Place

LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """`new` takes the place of the text from offset `start` up to `end`."""

    start: int
    end: int
    new: str


class Offsets:
    """Offsets into a text by line (from 1) and column (from 0)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def start(self, place: Place) -> int:
        """Where `place` starts."""
        return self._starts[place.line - 1] + place.column

    def end(self, place: Place) -> int:
        """Where `place` ends."""
        return self._starts[place.end_line - 1] + place.end_column

    def line_start(self, offset: int) -> int:
        """Where the line of `offset` starts."""
        return max(start for start in self._starts if start <= offset)

    def line_end(self, offset: int) -> int:
        """Where the line of `offset` ends, its line ending included."""
        return min((start for start in self._starts if start > offset), default=len(self.text))

    def indentation(self, offset: int) -> str | None:
        """The white space before `offset` if nothing else stands before it on its line; else None."""
        before = self.text[self.line_start(offset) : offset]
        return None if before.strip() else before


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with every splice made; they must not overlap."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.new + text[splice.end :]
    return text
