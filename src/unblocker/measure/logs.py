"""What a server's log tells: tracebacks, and the error that async Django is feared for."""

import re
from dataclasses import dataclass
from pathlib import Path

SYNC_ONLY = "SynchronousOnlyOperation"
# In an exception group the lines of a traceback stand behind a margin.
TRACEBACK = re.compile(r"(\s*[|+] )?(?:Exception Group )?Traceback \(most recent call last\):")
EXCERPTS = 3


@dataclass(frozen=True, slots=True)
class LogSummary:
    """Counts, and the last lines of up to three distinct tracebacks."""

    sync_only: int
    tracebacks: int
    excerpts: tuple[str, ...]


def read(log: Path) -> LogSummary:
    """Sum up a log file; one that is not there says nothing."""
    return scan(log.read_text(errors="replace").splitlines() if log.exists() else [])


def scan(lines: list[str]) -> LogSummary:
    """Sum up a log's lines."""
    starts = [
        (number, len(match[1] or ""))
        for number, line in enumerate(lines)
        if (match := TRACEBACK.match(line))
    ]
    ends = dict.fromkeys(_exception(lines[start + 1 :], margin) for start, margin in starts)
    return LogSummary(
        sync_only=sum(SYNC_ONLY in line for line in lines),
        tracebacks=len(starts),
        excerpts=tuple(ends)[:EXCERPTS],
    )


def _exception(after: list[str], margin: int) -> str:
    """The exception itself: the first line that is not indented like the frames before it."""
    for line in after:
        text = line[margin:]
        if text and not text[0].isspace():
            return text
    return ""
