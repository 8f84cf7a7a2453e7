"""Where something stands in the project's source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span of source text.

    `file` is a POSIX path relative to the project's root (absolute for code outside it). Lines count from 1, columns
    from 0 in characters, as LibCST counts them; `ast` counts UTF-8 bytes, so its columns must be converted. The end is
    exclusive.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
