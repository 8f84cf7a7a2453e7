"""HAR files, a browser's export of what it asked for: http://www.softwareishard.com/blog/har-12-spec/.

Cookies are not replayed: in the file they belong to sessions that the seeded database has not got.
"""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.traffic import Fields, Request, Traffic, Upload, counted
from unblocker.traffic.leaving_out import is_asset, telling_headers
from unblocker.traffic.paths import in_ascii
from unblocker.traffic.places import place_of, place_of_error

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_LOST = "\N{REPLACEMENT CHARACTER}"


class _Named(msgspec.Struct, frozen=True):
    name: str
    value: str = ""


class _Field(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    value: str | None = ""
    file_name: str | None = None
    content_type: str | None = None


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    mime_type: str = ""
    text: str | None = None
    params: list[_Field] | None = None


class _Asked(msgspec.Struct, frozen=True, rename="camel"):
    method: str
    url: str
    headers: list[_Named] = []
    post_data: _Body | None = None


class _Content(msgspec.Struct, frozen=True, rename="camel"):
    mime_type: str | None = None


class _Answered(msgspec.Struct, frozen=True):
    content: _Content = _Content()


class _Entry(msgspec.Struct, frozen=True):
    request: _Asked
    response: _Answered = _Answered()


class _Log(msgspec.Struct, frozen=True):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct, frozen=True):
    log: _Log


class _Unusable(Exception):  # noqa: N818  # no error: why a request is left out
    """Why one request is left out."""


def read_har(data: bytes, file: str, user: str | None = None) -> Traffic:
    """The requests to the host of its first page, in order, all as `user`; `file` is its name in errors.

    Raises:
        UnblockError: it is no HAR file, or an entry is no request (U058, naming file and line).
    """
    entries = _entries(data, file)
    host = _host_of(entries)
    requests: list[Request] = []
    left: list[str] = []
    for entry in entries:
        try:
            requests.append(_request(entry.request, host, user))
        except _Unusable as reason:
            left.append(str(reason))
    return Traffic(tuple(requests), counted(left))


def _entries(data: bytes, file: str) -> list[_Entry]:
    try:
        raw = msgspec.json.decode(data, type=_Har).log.entries
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnblockError(
            "U058",
            f"this is no whole HAR file: {error}",
            place=place_of_error(file, data, error),
            hint="Export it again from the browser's developer tools, as HAR.",
        ) from None
    return [_entry(one, number, data, file) for number, one in enumerate(raw)]


def _entry(raw: msgspec.Raw, number: int, data: bytes, file: str) -> _Entry:
    try:
        return msgspec.json.decode(raw, type=_Entry)
    except (msgspec.DecodeError, ValueError) as error:
        raise UnblockError(
            "U058",
            f"entry {number} of the HAR file is no request: {error}",
            place=place_of(file, data, data.find(bytes(raw))),
            hint="Export it again from the browser's developer tools, as HAR.",
        ) from None


def _host_of(entries: Iterable[_Entry]) -> str:
    """The host, with its port, of the first page; of the first request where there is no page."""
    urls = [(_split(one.request.url), one.response.content.mime_type or "") for one in entries]
    pages = (url for url, mime in urls if url and mime.startswith("text/html"))
    others = (url for url, _ in urls if url)
    first = next(pages, None) or next(others, None)
    return first.netloc if first else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.netloc else None


def _request(asked: _Asked, host: str, user: str | None) -> Request:
    parts = _split(asked.url)
    if parts is None:
        raise _Unusable("its URL is not one of HTTP")
    if parts.netloc != host:
        raise _Unusable("it went to another host")
    if is_asset(parts.path):
        raise _Unusable("a static file")
    if not (asked.method.isascii() and asked.method.isalpha()):
        raise _Unusable("its method is not one of HTTP")
    query = f"?{parts.query}" if parts.query else ""
    path = in_ascii(f"{parts.path or '/'}{query}")
    headers = telling_headers({one.name.lower(): one.value for one in asked.headers})
    headers.pop("content-type", None)
    return _with_body(Request(asked.method.upper(), path, user, headers=headers), asked.post_data)


def _with_body(request: Request, body: _Body | None) -> Request:
    """The body as it was sent; where only its fields are there, made of them."""
    if body is None:
        return request
    kind = body.mime_type.partition(";")[0].strip().lower()
    if body.text and (kind != _MULTIPART or "boundary=" in body.mime_type):
        if _LOST in body.text:
            raise _Unusable("the browser did not keep its body whole")
        headers = telling_headers({**request.headers, "content-type": body.mime_type})
        return replace(request, headers=headers, body=body.text.encode())
    if not body.params:
        return request
    if kind == _MULTIPART:
        plain = [one for one in body.params if one.file_name is None]
        files = {one.name: _upload(one) for one in body.params if one.file_name is not None}
        return replace(request, data=_fields(plain), files=files)
    if kind == _FORM:
        return replace(request, data=_fields(body.params))
    raise _Unusable("the browser did not keep its body whole")


def _fields(params: Iterable[_Field]) -> Fields:
    found: dict[str, list[str]] = {}
    for one in params:
        found.setdefault(one.name, []).append(one.value or "")
    return {
        name: values[0] if len(values) == 1 else tuple(values) for name, values in found.items()
    }


def _upload(field: _Field) -> Upload:
    if not field.value:
        raise _Unusable("the browser did not keep its body whole")
    kind = field.content_type or "application/octet-stream"
    return Upload(field.file_name or "file", field.value.encode(), kind)
