"""What a server's log tells: tracebacks, and the error that async Django is feared for."""

from dataclasses import dataclass
from pathlib import Path

SYNC_ONLY = "SynchronousOnlyOperation"
TRACEBACK = "Traceback (most recent call last):"
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
        number for number, line in enumerate(lines) if line.lstrip("| ").startswith(TRACEBACK)
    ]
    ends = dict.fromkeys(_last_line(lines[start + 1 :]) for start in starts)
    return LogSummary(
        sync_only=sum(SYNC_ONLY in line for line in lines),
        tracebacks=len(starts),
        excerpts=tuple(ends)[:EXCERPTS],
    )


def _last_line(after: list[str]) -> str:
    """The exception itself: the first line after the frames, which are indented."""
    for line in after:
        if line and not line.startswith((" ", "\t", "|")):
            return line
    return ""
