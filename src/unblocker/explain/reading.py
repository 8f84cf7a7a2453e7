"""From a text to the exceptions and warnings in it, each once."""

import re
from collections.abc import Iterable, Iterator

from unblocker.errors import UnblockError
from unblocker.explain.cleaning import clean_lines
from unblocker.explain.pytest_format import read_failures
from unblocker.explain.python_format import read_tracebacks
from unblocker.explain.reports import Report
from unblocker.explain.warning_format import read_warnings

LARGEST = 16 * 1024 * 1024

_LAST_LINE = re.compile(
    r"(?<![\w.])((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Operation|Timeout|Shutdown)): (\S.*)"
)
_FATAL = re.compile(r"\b(FATAL): +(\S.*)")

type Chain = tuple[Report, ...]


def decode(data: bytes) -> str:
    """The text of what was given.

    Raises:
        UnblockError: there is nothing in it (U031), it is too large (U032) or no text (U033).
    """
    if len(data) > LARGEST:
        raise UnblockError(
            "U032",
            f"the input has more than {LARGEST // 1024 // 1024} MB",
            hint="Give only the part of the log with the traceback.",
        )
    if b"\x00" in data:
        raise UnblockError("U033", "the input is not text", hint="Give a traceback or a log.")
    text = data.decode(errors="replace").lstrip("\ufeff")
    if not text.strip():
        raise UnblockError(
            "U031",
            "the input is empty",
            hint="Pipe the traceback in: `django-unblock explain < traceback.txt`.",
        )
    return text


def read_chains(text: str) -> list[Chain]:
    """The exceptions in the text, those that follow from each other together, the first cause first.

    Raises:
        UnblockError: there is no traceback, no warning of asyncio and no error message (U030).
    """
    lines = clean_lines(text)
    reports = [*read_tracebacks(lines), *read_failures(lines), *read_warnings(lines)]
    reports = list(_once(reports)) or list(_once(_messages(lines)))
    if not reports:
        raise UnblockError(
            "U030",
            "there is no traceback in the input",
            hint="It should hold the line `Traceback (most recent call last):`, or the error's last line.",
        )
    return list(_chained(reports))


def _messages(lines: Iterable[str]) -> Iterator[Report]:
    """Errors of which only the last line is there."""
    for line in lines:
        found = _LAST_LINE.search(line) or _FATAL.search(line)
        if found:
            yield Report(found[1], found[2].strip())


def _once(reports: Iterable[Report]) -> Iterator[Report]:
    """Each report once, and no group beside what is in it."""
    seen: set[tuple[str, str, object]] = set()
    every = list(reports)
    for report in every:
        key = (report.name, report.message, report.frames[-1:])
        is_group = report.name.endswith("ExceptionGroup") and len(every) > 1
        if key not in seen and not is_group:
            seen.add(key)
            yield report


def _chained(reports: list[Report]) -> Iterator[Chain]:
    chain: list[Report] = []
    for report in reports:
        if chain and not report.link:
            yield tuple(chain)
            chain = []
        chain.append(report)
    if chain:
        yield tuple(chain)
