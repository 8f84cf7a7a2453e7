"""Text out of a response: encodings, lines, and the `Link` header."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any


def declared_encoding(content_type: str | None) -> str | None:
    """The encoding a `Content-Type` declares or implies, or None where nothing says.

    As in requests: text without a charset is ISO-8859-1 (RFC 2616), JSON is UTF-8 (RFC 4627).
    """
    if not content_type:
        return None
    kind, *parameters = content_type.split(";")
    for parameter in parameters:
        name, separator, value = parameter.partition("=")
        if separator and name.strip("\"' \t").lower() == "charset":
            return value.strip("\"' \t")
    if "text" in kind:
        return "ISO-8859-1"
    return "utf-8" if "application/json" in kind else None


def guessed_encoding(content: bytes) -> str | None:
    """The encoding these bytes seem to be in, by the detector that requests would use."""
    detector = _detector()
    return detector.detect(content)["encoding"] if detector else "utf-8"


@cache
def _detector() -> Any:
    for name in ("chardet", "charset_normalizer"):
        with suppress(ImportError):
            return import_module(name)
    return None


def parse_links(header: str) -> list[dict[str, str]]:
    """The links of a `Link` header: each its `url` and its parameters.

    >>> parse_links('<https://a/?page=2>; rel="next"')
    [{'url': 'https://a/?page=2', 'rel': 'next'}]
    """
    header = header.strip(" '\"")
    return [_link(value) for value in re.split(", *<", header)] if header else []


def _link(value: str) -> dict[str, str]:
    url, _, parameters = value.partition(";")
    link = {"url": url.strip("<> '\"")}
    for parameter in parameters.split(";"):
        if parameter.count("=") != 1:
            break
        key, text = parameter.split("=")
        link[key.strip(" '\"")] = text.strip(" '\"")
    return link


class Lines:
    """Splits chunks into lines; what follows the last line end waits for the next chunk."""

    def __init__(self, delimiter: Any) -> None:
        self._delimiter = delimiter
        self._pending: Any = None

    def feed(self, chunk: Any) -> Iterator[Any]:
        """The lines that are complete with this chunk."""
        if self._pending is not None:
            chunk = self._pending + chunk
        lines = chunk.split(self._delimiter) if self._delimiter else chunk.splitlines()
        unfinished = lines and lines[-1] and chunk and lines[-1][-1] == chunk[-1]
        self._pending = lines.pop() if unfinished else None
        yield from lines

    def rest(self) -> Iterator[Any]:
        """The last line, where no line end followed it."""
        if self._pending is not None:
            yield self._pending
