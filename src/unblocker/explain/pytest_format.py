"""Failures as pytest prints them, with `--tb=long` (its default) and `--tb=short`."""

import re
from dataclasses import dataclass, field, replace

from unblocker.explain.python_format import CARETS, EXCEPTION, link_of, span_of
from unblocker.explain.reports import Frame, Link, Report

_PLACE = re.compile(
    r"(?P<file>\S.*?\.pyx?):(?P<line>\d+):(?: in (?P<function>.+)| (?P<kind>[\w.]+))?\s*$"
)
_TOLD = re.compile(r"E {2,}(.*)$")
_TITLE = re.compile(r"_{3,} .+ _{3,}$|={3,}.*={3,}$")
_MARKED = re.compile(r">\s+(?=\S)")
_DEFINED = re.compile(r" *(?:async )?def (\w+)\(")
_INDENT = 4


def read_failures(lines: list[str]) -> list[Report]:
    """Every failed test's exceptions, in the text's order."""
    if not any(_TOLD.match(line) for line in lines):
        return []
    reader = _Reader()
    for line in lines:
        reader.take(line)
    reader.end("")
    return reader.reports


@dataclass(slots=True)
class _Source:
    """Lines of source with the carets below them, read from a column on."""

    indent: int
    lines: list[str] = field(default_factory=list)
    carets: list[tuple[int, str]] = field(default_factory=list)

    def take(self, line: str) -> None:
        text = line[self.indent :]
        if CARETS.match(text) and self.lines:
            self.carets.append((len(self.lines) - 1, text))
        elif text.strip():
            self.lines.append(text)

    def put_on(self, frame: Frame) -> Frame:
        if not self.lines:
            return frame
        return replace(frame, source=tuple(self.lines), span=span_of(self.lines, self.carets))


@dataclass(slots=True)
class _Reader:
    """The failure so far. In the long form a frame's source stands above its place, in the short form below it."""

    reports: list[Report] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    above: _Source | None = None
    below: _Source | None = None
    function: str = ""
    link: Link = ""

    def take(self, line: str) -> None:
        """Read one more line."""
        link, _ = link_of(line.strip())
        if link or _TITLE.match(line):
            self.end("")
            self.link = link
        elif found := _TOLD.match(line):
            self.told.append(found[1])
        elif found := _PLACE.match(line):
            self._place(found)
        elif found := _MARKED.match(line):
            self.above = _Source(found.end())
            self.above.take(line)
        else:
            self._other(line)

    def _other(self, line: str) -> None:
        if self.below is not None and line.startswith(" " * _INDENT):
            self.below.take(line)
        elif self.above is not None and CARETS.match(line) and line.strip():
            self.above.take(line)
        elif found := _DEFINED.match(line):
            self.function = found[1]

    def _place(self, found: re.Match[str]) -> None:
        self._close()
        frame = Frame(found["file"], int(found["line"]), found["function"] or self.function)
        if self.above is not None:
            frame = self.above.put_on(frame)
        self.above = None
        self.frames.append(frame)
        if found["function"]:
            self.below = _Source(_INDENT)
        if found["kind"]:
            self.end(found["kind"])

    def _close(self) -> None:
        if self.below is not None and self.frames:
            self.frames[-1] = self.below.put_on(self.frames[-1])
        self.below = None

    def end(self, kind: str) -> None:
        """The exception is told whole; its name in full stands in the lines that pytest begins with an E."""
        self._close()
        told = EXCEPTION.match(self.told[0]) if self.told else None
        if self.frames and self.told:
            name = told["kind"] if told and (told["message"] or not kind) else kind
            message = (told["message"] or "") if told else self.told[0]
            self.reports.append(Report(name, message, tuple(self.frames), self.link))
        self.frames, self.told, self.above, self.link = [], [], None, ""
