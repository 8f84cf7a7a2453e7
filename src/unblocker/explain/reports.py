"""What a text tells of one error, whoever wrote it: Python, pytest, Django's debug page or a log."""

from dataclasses import dataclass
from typing import Literal

type Link = Literal["", "cause", "context"]


@dataclass(frozen=True, slots=True)
class Span:
    """What carets mark under a frame's source, lines and columns from 0, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One call on the way to the error.

    Attributes:
        source: the lines that are printed, without their common indentation; empty where none are.
    """

    file: str
    line: int
    function: str
    source: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """Where Django's debug page says that a template failed."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One exception or warning.

    Attributes:
        kind: the exception's class as it is told, dotted or not.
        frames: outermost first; none where only the message is known.
        link: how it follows from the report before it: `cause` (raised from it), `context` (while it was handled).
    """

    kind: str
    message: str
    frames: tuple[Frame, ...] = ()
    link: Link = ""
    template: TemplateLine | None = None

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.kind.rpartition(".")[2]

    @property
    def error(self) -> str:
        """As the last line of a traceback tells it; the message's first line only."""
        first = self.message.partition("\n")[0].strip()
        return (
            ": ".join(part for part in (self.name, first) if part)
            or "an error whose message is cut off"
        )
