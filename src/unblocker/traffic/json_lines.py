"""Our own format: JSON lines, one request a line.

    {"method": "POST", "path": "/cart/", "as": "maria", "data": {"product": "7"}}

`path` starts with a slash and may carry a query string; `as` is a username, null or left out for an anonymous visitor.
At most one of `data` (form fields, with `files` as multipart) and `json` is the body. A file is
`{"name": "a.png", "content_base64": "…", "type": "image/png"}` under its field's name. Empty lines are skipped.
"""

import binascii
from base64 import b64decode

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.traffic import Fields, Request, Traffic, Upload
from unblocker.traffic.places import line_of


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


def read_json_lines(data: bytes, file: str) -> Traffic:
    """The requests in `data`, in order; `file` is its name in errors.

    Raises:
        UnblockError: a line is not a request (U051, naming file and line).
    """
    lines = enumerate(data.splitlines(), 1)
    return Traffic(tuple(_read_line(line, file, number) for number, line in lines if line.strip()))


def _read_line(line: bytes, file: str, number: int) -> Request:
    try:
        return _request(msgspec.json.decode(line, type=_Line))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnblockError(
            "U051",
            f"this line is not a request: {error}",
            place=line_of(file, number),
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
