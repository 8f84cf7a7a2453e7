"""Requests to replay, and the file format that holds them: JSON lines, one request a line.

    {"method": "POST", "path": "/cart/", "as": "maria", "data": {"product": "7"}}

`path` starts with a slash and may carry a query string; `as` is a username, null or left out for an anonymous visitor.
At most one of `data` (form fields, with `files` as multipart) and `json` is the body. A file is
`{"name": "a.png", "content_base64": "…", "type": "image/png"}` under its field's name. Empty lines are skipped.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.places import Place

type Fields = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, before it is encoded.

    Attributes:
        path: from the slash on, percent-encoded where needed.
        as_user: the username to be logged in as; None for an anonymous visitor.
        query: put behind the path's own query string; a tuple repeats its field.
        data: form fields; a tuple repeats its field.
        json: the body as a JSON value; None for none.
    """

    method: str
    path: str
    as_user: str | None = None
    query: Fields = field(default_factory=dict)
    data: Fields = field(default_factory=dict)
    json: object = None
    files: dict[str, Upload] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        who = self.as_user or "anonymous"
        return f"{self.method} {self.path} as {who}"


class _File(msgspec.Struct, forbid_unknown_fields=True, rename={"content_type": "type"}):
    name: str
    content_base64: str
    content_type: str = "application/octet-stream"


class _Line(msgspec.Struct, forbid_unknown_fields=True, rename={"as_user": "as"}):
    method: str
    path: str
    as_user: str | None = None
    query: Fields = {}
    data: Fields = {}
    json: object = None
    files: dict[str, _File] = {}
    headers: dict[str, str] = {}


def load_traffic(path: Path) -> tuple[Request, ...]:
    """The requests in the JSON-lines file at `path`, in order.

    Raises:
        UnblockError: the file cannot be read (U050), or a line is not a request (U051, naming file and line).
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnblockError(
            "U050",
            f"the traffic file {path} cannot be read: {error.strerror}",
            hint="Name a file of JSON lines, one request a line.",
        ) from None
    return tuple(
        _read_line(line, path, number) for number, line in enumerate(lines, 1) if line.strip()
    )


def _read_line(line: bytes, path: Path, number: int) -> Request:
    try:
        return _request(msgspec.json.decode(line, type=_Line))
    except (msgspec.DecodeError, ValueError) as error:
        raise UnblockError(
            "U051",
            f"this line is not a request: {error}",
            place=Place(str(path), number, 0, number + 1, 0),
            hint='A line looks like {"method": "GET", "path": "/", "as": null}.',
        ) from None


def _request(line: _Line) -> Request:
    if not line.path.startswith("/"):
        raise ValueError(f"the path {line.path!r} does not start with a slash")
    if not line.method.isascii() or not line.method.isalpha():
        raise ValueError(f"{line.method!r} is no HTTP method")
    if line.json is not None and (line.data or line.files):
        raise ValueError("it has both a form (`data`, `files`) and `json`")
    return Request(
        method=line.method.upper(),
        path=line.path,
        as_user=line.as_user,
        query=line.query,
        data=line.data,
        json=line.json,
        files={name: _upload(name, file) for name, file in line.files.items()},
        headers=line.headers,
    )


def _upload(field_name: str, file: _File) -> Upload:
    try:
        content = b64decode(file.content_base64, validate=True)
    except binascii.Error as error:
        raise ValueError(f"the file {field_name!r} is not base64: {error}") from None
    return Upload(file.name, content, file.content_type)
