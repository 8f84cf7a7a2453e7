"""The body of a call as `requests` writes it: JSON, a form, a multipart form, or as it is given."""

import io
import json
import os
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode

from django_unblock.http.exceptions import InvalidJSONError, UnrewindableBodyError

CHUNK = 64 * 1024


@runtime_checkable
class Readable(Protocol):
    """An open file, or what reads like one."""

    def read(self, size: int = ..., /) -> str | bytes:
        """At most `size` characters or bytes; nothing at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """A body that is read while it is sent: an open file or an iterator."""

    source: Any
    start: int | None
    length: int | None

    def rewind(self) -> None:
        """Go back to where the source stood, so that it can be sent once more.

        Raises:
            UnrewindableBodyError: it can't go back. A generator, which has no place to go back to,
                is sent on as it is, at its end, as requests does.
        """
        if not hasattr(self.source, "tell"):
            return
        try:
            self.source.seek(self.start)
        except (AttributeError, TypeError, OSError) as error:
            raise UnrewindableBodyError(
                "A redirect asks for the request's body again, and it can't be read twice."
            ) from error

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        for chunk in self._read():
            yield chunk.encode() if isinstance(chunk, str) else chunk

    def _read(self) -> Iterator[str | bytes]:
        if not isinstance(self.source, Readable):
            yield from self.source
            return
        while chunk := self.source.read(CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, and the `Content-Type` that goes with it (None: none)."""

    content: bytes | str | Stream | None
    content_type: str | None = None


def encode(data: Any, files: Any, payload: Any) -> Body:
    """The body for requests' `data`, `files` and `json` keywords.

    Raises:
        InvalidJSONError: `json` can't be written as JSON (NaN and infinity can't either).
        ValueError: `files` beside a body that is text or bytes.
    """
    if _is_stream(data):
        return Body(_stream(data, files))
    if files:
        return _multipart(data, files)
    if data:
        return _plain(data) if isinstance(data, str | bytes | bytearray) else _form(data)
    if payload is not None:
        return _json(payload)
    return Body(None)


def query_of(params: Any) -> str:
    """The query string for requests' `params` keyword: a list repeats its key, None leaves it out."""
    if params is None:
        return ""
    if isinstance(params, bytes):
        return params.decode("ascii")
    return params if isinstance(params, str) else urlencode(_flat(params), doseq=True)


def _json(payload: Any) -> Body:
    try:
        return Body(json.dumps(payload, allow_nan=False).encode(), "application/json")
    except ValueError as error:
        raise InvalidJSONError(error) from error


def _plain(data: str | bytes | bytearray) -> Body:
    return Body(data if isinstance(data, str) else bytes(data))


def _form(data: Any) -> Body:
    return Body(urlencode(_flat(data), doseq=True), "application/x-www-form-urlencoded")


def _pairs(fields: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(fields, Mapping) or hasattr(fields, "items"):
        return list(fields.items())
    if isinstance(fields, str | bytes | bool | int):
        raise ValueError("cannot encode objects that are not 2-tuples")  # noqa: TRY004 - requests' class
    return list(fields)


def _values(value: Any) -> Iterable[Any]:
    several = hasattr(value, "__iter__") and not isinstance(value, str | bytes)
    return [each for each in (value if several else [value]) if each is not None]


def _flat(fields: Any) -> list[tuple[str | bytes, Any]]:
    return [(name, each) for name, value in _pairs(fields) for each in _values(value)]


def _is_stream(data: Any) -> bool:
    whole = isinstance(data, str | bytes | bytearray | list | tuple | Mapping)
    return not whole and hasattr(data, "__iter__")


def _stream(source: Any, files: Any) -> Stream:
    if files:
        raise NotImplementedError("Streamed bodies and files are mutually exclusive.")
    try:
        start = source.tell()
    except (AttributeError, OSError):
        start = None
    return Stream(source, start, _left(source, start or 0))


def _left(source: Any, start: int) -> int | None:
    """How many bytes there are from `start` to the end, or None where nothing tells."""
    if hasattr(source, "__len__"):
        return max(len(source) - start, 0) or None
    try:
        return max(os.fstat(source.fileno()).st_size - start, 0) or None
    except (AttributeError, io.UnsupportedOperation):
        pass
    try:
        end = source.seek(0, os.SEEK_END)
        source.seek(start)
    except (AttributeError, OSError):
        return None
    return max(end - start, 0) or None


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] | None = None

    def head(self) -> str:
        disposition = f"form-data; {_quoted('name', self.name)}"
        if self.filename is not None:
            disposition += f"; {_quoted('filename', self.filename)}"
        lines = {"Content-Disposition": disposition}
        if self.content_type:
            lines["Content-Type"] = self.content_type
        lines = {**lines, **{k: v for k, v in (self.headers or {}).items() if k not in lines}}
        return "".join(f"{name}: {value}\r\n" for name, value in lines.items())


def _quoted(name: str, value: str) -> str:
    """As browsers write it: https://html.spec.whatwg.org/#multipart-form-data."""
    return f'{name}="{value.translate({10: "%0A", 13: "%0D", 34: "%22"})}"'


def _multipart(data: Any, files: Any) -> Body:
    if isinstance(data, str | bytes):
        raise ValueError("Data must not be a string.")  # noqa: TRY004 - requests' class
    boundary = secrets.token_hex(16)
    parts = [_Part(_text(name), as_bytes(value)) for name, value in _flat(data or {})] + [
        part for name, value in _pairs(files) if (part := _file(_text(name), value))
    ]
    body = b"".join(
        b"--%b\r\n%b\r\n%b\r\n" % (boundary.encode(), part.head().encode(), part.content)
        for part in parts
    )
    return Body(
        body + b"--%b--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"
    )


def _file(name: str, value: Any) -> _Part | None:
    """A file of requests' `files`: itself, or a tuple of name, file, type and headers."""
    if not isinstance(value, tuple | list):
        value = (_file_name(value) or name, value)
    filename, source, content_type, headers = (*value, None, None)[:4]
    if source is None:
        return None
    content = source.read() if isinstance(source, Readable) else source
    return _Part(
        name, as_bytes(content), _text(filename) if filename else None, content_type, headers
    )


def _file_name(source: Any) -> str | None:
    name = getattr(source, "name", None)
    if name and isinstance(name, str) and name[0] != "<" and name[-1] != ">":
        return PurePath(name).name
    return None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def as_bytes(value: Any) -> bytes:
    """The value as it is sent: text, and what is shown as text, in UTF-8."""
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()
