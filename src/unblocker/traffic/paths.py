"""A path with its query string, as it goes over the wire."""

from string import ascii_letters, digits, punctuation
from urllib.parse import quote

_AS_IT_IS = ascii_letters + digits + punctuation


def in_ascii(text: str, encoding: str = "utf-8") -> str:
    """The text with letters beyond ASCII, blanks and control characters percent-encoded; `%41` stays `%41`.

    `encoding` is latin-1 where each letter stands for a byte, as in WSGI.
    """
    return quote(text, safe=_AS_IT_IS, encoding=encoding, errors="replace")
