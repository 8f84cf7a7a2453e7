"""Ids of steps that are taken from a statement: an expression of it, as an assignment of its own in front.

Such an id is that of the statement, the expression's place and the name of its result: `12:4/13:8-13:40=topics`.
"""

import re
from dataclasses import dataclass

from unblocker.records.places import Place

_ASIDE = re.compile(r"(\d+:\d+)/(\d+):(\d+)-(\d+):(\d+)=(\w+)")


@dataclass(frozen=True, slots=True)
class AsideId:
    """What the id of such a step says; `statement` is the id of the statement that it is taken from."""

    statement: str
    place: Place
    name: str

    def __str__(self) -> str:
        at = self.place
        span = f"{at.line}:{at.column}-{at.end_line}:{at.end_column}"
        return f"{self.statement}/{span}={self.name}"


def aside_of(step_id: str, file: str = "") -> AsideId | None:
    """What the id says, if it is one of a step taken from a statement of the file; else None."""
    found = _ASIDE.fullmatch(step_id)
    if found is None:
        return None
    statement, *span, name = found.groups()
    return AsideId(statement, Place(file, *map(int, span)), name)


def statement_of(step_id: str) -> str:
    """The id of the statement that the step is, or is taken from."""
    return step_id.partition("/")[0]
