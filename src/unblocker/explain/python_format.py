"""Tracebacks as Python and Django's debug page print them."""

import re
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from unblocker.explain.cleaning import HEADER
from unblocker.explain.reports import Frame, Link, Report, Span, TemplateLine

FRAME = re.compile(r'\s*File "(?P<file>.+?)", line(?:no)? (?P<line>\d+)(?:, in (?P<function>.+))?$')
EXCEPTION = re.compile(r"(?P<kind>[A-Za-z_][\w.]*(?:\.<locals>[\w.]+)?)(?:: (?P<message>.*))?$")
CARETS = re.compile(r"[ ~^]*[~^][ ~^]*$")
CAUSE = re.compile(r"The above exception (?:\((?P<message>.*)\) )?was the direct cause of the")
CONTEXT = re.compile(r"During handling of the above exception(?: \((?P<message>.*)\))?, another")
_SKIPPED = re.compile(r"\s*\.\.\.<(\d+) lines?>\.\.\.$")
_PAGE_KIND = re.compile(r"Exception Type: (\S+)")
_PAGE_VALUE = re.compile(r"Exception Value: ?(.*)$")
_TEMPLATE = re.compile(r"In template (.+), error at line (\d+)$")
_MARGIN = 4


def link_of(line: str) -> tuple[Link, str]:
    """How the next exception follows from the one before, and what the line tells of that one."""
    found = CAUSE.match(line)
    if found:
        return "cause", found["message"] or ""
    found = CONTEXT.match(line)
    return ("context", found["message"] or "") if found else ("", "")


def read_tracebacks(lines: list[str]) -> list[Report]:
    """Every exception that a traceback tells of, in the text's order."""
    reader = _Reader()
    for line in lines:
        reader.take(line)
    return reader.finish()


@dataclass(slots=True)
class _Reader:
    """Where in a traceback the next line stands."""

    reports: list[Report] = field(default_factory=list)
    frames: list[Frame] | None = None
    source: list[str] = field(default_factory=list)
    carets: list[tuple[int, str]] = field(default_factory=list)
    link: Link = ""
    message_open: bool = False
    page_kind: str = ""
    template: TemplateLine | None = None
    template_line: tuple[str, int] | None = None

    def take(self, line: str) -> None:
        """Read one more line."""
        if HEADER.match(line):
            self._end("", "")
            self.frames = []
        elif self.frames is None:
            self._between(line)
        elif found := FRAME.match(line):
            self._close_frame()
            self.frames.append(Frame(found["file"], int(found["line"]), found["function"] or ""))
        else:
            self._inside(line)

    def finish(self) -> list[Report]:
        """What was read; a traceback that breaks off counts, without its message."""
        self._end("", "")
        return self.reports

    def _between(self, line: str) -> None:
        link, _ = link_of(line.strip())
        if link:
            self.link = link
        elif self.message_open and line[:1] in (" ", "-") and line.strip():
            last = self.reports[-1]
            self.reports[-1] = Report(
                last.kind, f"{last.message}\n{line}", last.frames, last.link, last.template
            )
            return
        elif found := _TEMPLATE.match(line.strip()):
            self.template_line = (found[1], int(found[2]))
        elif self.template_line and (row := re.match(rf"\s+{self.template_line[1]} : (.*)", line)):
            self.template = TemplateLine(*self.template_line, row[1].strip())
        if line.strip():
            self.message_open = False

    def _inside(self, line: str) -> None:
        link, message = link_of(line.strip())
        if link:
            self._end("", message)
            self.frames, self.link = [], link
        elif found := _PAGE_KIND.match(line):
            self.page_kind = found[1]
        elif self.page_kind and (found := _PAGE_VALUE.match(line)):
            self._end(self.page_kind, found[1])
        elif line[:1].isspace() or line.startswith("[Previous line repeated"):
            self._source_line(line)
        elif line.strip() and (found := EXCEPTION.match(line)):
            self._end(found["kind"], found["message"] or "")
            self.message_open = True

    def _source_line(self, line: str) -> None:
        text = line[_MARGIN:] if not line[:_MARGIN].strip() else line.lstrip()
        skipped = _SKIPPED.match(text)
        if not text.strip():
            return
        if skipped:
            self.source.extend([""] * int(skipped[1]))
        elif CARETS.match(text) and self.source:
            self.carets.append((len(self.source) - 1, text))
        else:
            self.source.append(text)

    def _close_frame(self) -> None:
        if self.frames and (self.source or self.carets):
            frame = self.frames[-1]
            span = span_of(self.source, self.carets)
            self.frames[-1] = Frame(
                frame.file, frame.line, frame.function, tuple(self.source), span
            )
        self.source, self.carets = [], []

    def _end(self, kind: str, message: str) -> None:
        if self.frames is None:
            return
        self._close_frame()
        if self.frames:
            template = self.template if self.page_kind else None
            self.reports.append(Report(kind, message, tuple(self.frames), self.link, template))
        self.frames, self.link, self.page_kind = None, "", ""


def span_of(source: list[str], carets: list[tuple[int, str]]) -> Span | None:
    """What the carets mark, in characters of the source."""
    if not carets:
        return None
    (first, start), (last, end) = carets[0], carets[-1]
    return Span(
        first,
        _characters(source[first], len(start) - len(start.lstrip())),
        last,
        _characters(source[last], len(end.rstrip())),
    )


def _characters(line: str, width: int) -> int:
    """The index of the character at a column of the screen, on which some take two."""
    column = 0
    for index, letter in enumerate(line):
        if column >= width:
            return index
        column += 2 if east_asian_width(letter) in "WF" else 1
    return len(line)
