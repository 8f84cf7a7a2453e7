"""Access logs in the common or combined format, as nginx, Apache and gunicorn write them.

A log has no bodies and does not tell who asked, so that only GET and HEAD are taken from it, each path once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from unblocker.records.traffic import LeftOut, Request, Traffic, counted
from unblocker.traffic.leaving_out import is_asset
from unblocker.traffic.paths import in_ascii

MOST = 500
"""How many different requests are taken from one log."""

_LINE = re.compile(rb'\[[^\]]{6,40}\] "(?P<request>(?:[^"\\]|\\.)*)" \d{3} ')
_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<target>\S+)(?: HTTP/[\d.]+)?")
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")
_MADE = frozenset({"GET", "HEAD"})

type _Found = tuple[str, str]


def is_access_log(lines: Iterable[bytes]) -> bool:
    """Whether one of the lines is that of an access log."""
    return any(_LINE.search(line) for line in lines)


def read_access_log(lines: Iterable[bytes], user: str | None = None, most: int = MOST) -> Traffic:
    """The `most` frequent of its requests, the most frequent first, all as `user`."""
    found: Counter[_Found] = Counter()
    left: Counter[str] = Counter()
    for line in lines:
        if line.strip():
            each = _found(line)
            if isinstance(each, str):
                left[each] += 1
            else:
                found[each] += 1
    ordered = found.most_common()
    requests = tuple(Request(method, path, user) for (method, path), _ in ordered[:most])
    rarer = sum(number for _, number in ordered[most:])
    return Traffic(requests, (*counted(left.elements()), *_rarer(rarer, most)))


def _rarer(number: int, most: int) -> Iterator[LeftOut]:
    if number:
        yield LeftOut(f"to paths that are not among the {most} most frequent", number)


def _found(line: bytes) -> _Found | str:
    """Method and path; or why the line is left out."""
    matched = _LINE.search(line)
    request = matched and _REQUEST.fullmatch(matched["request"].decode("latin-1"))
    if not request:
        return "no HTTP request on this line of the log"
    method, target = request["method"], request["target"]
    if method not in _MADE:
        return f"{method} is not in an access log with its body"
    if not target.startswith("/"):
        return "its path does not start with a slash"
    if is_asset(target.partition("?")[0]):
        return "a static file"
    return method, in_ascii(_ESCAPED.sub(r"%\1", target), "latin-1")
