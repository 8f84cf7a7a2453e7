"""A path with its query string, as it goes over the wire."""

from string import ascii_letters, digits, punctuation
from urllib.parse import quote

_AS_IT_IS = ascii_letters + digits + punctuation


def in_ascii(path: str) -> str:
    """The path with letters beyond ASCII, blanks and control characters percent-encoded; `%41` stays `%41`."""
    return quote(path, safe=_AS_IT_IS, errors="replace")
