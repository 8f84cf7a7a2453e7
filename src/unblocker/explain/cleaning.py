"""Log text as the lines that a traceback has: without colours, prefixes of log lines, and other services' lines."""

import json
import re
from collections.abc import Iterator

HEADER = re.compile(r"(?:Exception Group )?Traceback \(most recent call last\):")
WARNING = re.compile(r"(?:\S+|<[^>]+>):\d+: RuntimeWarning: ")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_DIGITS = re.compile(r"\d+")


def clean_lines(text: str) -> list[str]:
    """The lines of the text; a traceback that is a string in JSON counts as lines of its own."""
    plain = _COLOUR.sub("", text).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return list(_without_prefixes(_unpacked(plain.split("\n"))))


def _unpacked(lines: list[str]) -> Iterator[str]:
    for line in lines:
        packed = HEADER.search(line) is not None and "\\n" in line
        strings = list(_tracebacks_in(line)) if packed else []
        if strings:
            yield from (part for text in strings for part in ["", *text.split("\n"), ""])
        else:
            yield line


def _tracebacks_in(line: str) -> Iterator[str]:
    """The JSON strings of the line that hold a traceback."""
    for found in _JSON_STRING.finditer(line):
        if HEADER.search(found[0]):
            try:
                yield json.loads(found[0])
            except ValueError:
                continue


def _without_prefixes(lines: Iterator[str]) -> Iterator[str]:
    """The lines without what a logger, docker compose or an exception group puts before each of them."""
    prefix = ""
    for line in lines:
        start = HEADER.search(line) or WARNING.search(line)
        if start is not None:
            prefix = line[: start.start()]
            yield line[start.start() :]
        elif not prefix:
            yield line
        else:
            rest = _behind(line, prefix)
            if rest is not None:
                yield rest


def _behind(line: str, prefix: str) -> str | None:
    """What follows the prefix; the line as it is where only the first one has a prefix; None for another service's."""
    size = len(prefix)
    if _alike(line[:size]) == _alike(prefix) or not line[:size].strip():
        return line[size:]
    if _alike(line.rstrip()) == _alike(prefix.rstrip()):
        return ""
    found = _pattern(prefix).match(line)
    if found is not None:
        return line[found.end() :]
    return None if _is_stream(prefix) else line


def _alike(prefix: str) -> str:
    """The prefix with its numbers made equal; an exception group's first line has a plus where others have a bar."""
    return re.sub(r"\d", "0", prefix).replace("+", "|")


def _pattern(prefix: str) -> re.Pattern[str]:
    """Prefixes like it, whatever the length of their numbers."""
    parts = _DIGITS.split(prefix)
    return re.compile(r"\d+".join(re.escape(part) for part in parts))


def _is_stream(prefix: str) -> bool:
    """Whether several services write to one log, each behind its name and a bar."""
    return bool(re.match(r"\s*[\w.-]+\s*\|", prefix))
