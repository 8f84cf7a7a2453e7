"""The lines that a recorded process writes (see `agent/journal.py`), checked on the way in."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from unblocker.records.recording import Entrance, Replay
from unblocker.records.survey import OperationKind


class Imported(msgspec.Struct, frozen=True, tag_field="e", tag="imported"):
    """The process has imported Django."""


class Ready(msgspec.Struct, frozen=True, tag_field="e", tag="ready"):
    """The project's apps are loaded."""


class Begin(msgspec.Struct, frozen=True, tag_field="e", tag="begin"):
    """Request `r` of this process begins; `outside` operations were in no request so far."""

    r: int
    method: str
    entrance: Entrance
    outside: int


class Seen(msgspec.Struct, frozen=True, tag_field="e", tag="view"):
    """It is known which view serves the request."""

    r: int
    view: str
    route: str | None


class Op(msgspec.Struct, frozen=True, tag_field="e", tag="op"):
    """An operation of the request has ended; times in milliseconds."""

    r: int
    at: float
    ms: float
    kind: OperationKind
    label: str
    db: str = ""
    tables: tuple[str, ...] = ()
    stand_in: bool = False
    failed: bool = False
    file: str = ""
    line: int = 0


class End(msgspec.Struct, frozen=True, tag_field="e", tag="end"):
    """The request has a response, or raised (no status)."""

    r: int
    status: int | None
    ms: float
    replay: Replay | None = None


class Outside(msgspec.Struct, frozen=True, tag_field="e", tag="outside"):
    """The process ends: how many of its operations were in no request."""

    count: int


type AnyLine = Imported | Ready | Begin | Seen | Op | End | Outside

_decoder: msgspec.json.Decoder[AnyLine] = msgspec.json.Decoder(AnyLine)


def read_lines(path: Path) -> Iterator[AnyLine]:
    """The lines of one process's file; one that was cut off when the process was killed is left out."""
    with path.open("rb") as file:
        for line in file:
            try:
                yield _decoder.decode(line)
            except msgspec.DecodeError:
                continue
