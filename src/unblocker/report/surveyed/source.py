"""The source of a view, line by line, with what each line does."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from unblocker.records.places import Place
from unblocker.records.survey import Survey
from unblocker.report.surveyed.reached import Reached

MOST = 120
"""Lines from which on a view's source is not shown whole."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line, and the operations that begin on it."""

    number: int
    text: str
    operations: tuple[Reached, ...] = ()


@dataclass(slots=True)
class Sources:
    """The surveyed files as they were surveyed; one that has changed since, or is not the project's, has no lines."""

    survey: Survey
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def excerpt(
        self, place: Place | None, operations: tuple[Reached, ...]
    ) -> tuple[SourceLine, ...]:
        """The lines of the place, up to `MOST`."""
        if place is None:
            return ()
        here = [one for one in operations if one.place.file == place.file]
        last = min(place.end_line, place.line + MOST - 1)
        lines = self._of(place.file)[place.line - 1 : last]
        return tuple(
            SourceLine(number, text, tuple(one for one in here if one.place.line == number))
            for number, text in enumerate(lines, place.line)
        )

    def _of(self, file: str) -> tuple[str, ...]:
        if file not in self._lines:
            self._lines[file] = tuple(self._read(file).splitlines())
        return self._lines[file]

    def _read(self, file: str) -> str:
        digest = next((one.sha256 for one in self.survey.files if one.path == file), None)
        path = Path(self.survey.project.root, file)
        if digest is None or not path.is_file():
            return ""
        data = path.read_bytes()
        return data.decode(errors="replace") if sha256(data).hexdigest() == digest else ""
