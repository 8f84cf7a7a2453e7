"""From a bench entry to the bytes that are sent, again and again."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from urllib3.filepost import encode_multipart_formdata

from unblocker.config import BenchEntry


@dataclass(frozen=True, slots=True)
class Login:
    """What lets requests pass as a user's: cookies, and headers (the CSRF token)."""

    cookies: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request, complete but for the host."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def prepare(entry: BenchEntry, logins: Mapping[str, Login]) -> Prepared:
    """The request that the entry describes; `logins` holds the user's, or that of "" for nobody.

    A file's keys are `name`, `type` and `content_base64`, as in recorded traffic.
    """
    login = logins[entry.as_user or ""]
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in login.cookies.items())}
    method = entry.method.upper()
    if method in ("GET", "HEAD"):
        return Prepared(method, _with_query(entry), headers, b"")
    body, content_type = _body(entry)
    headers |= login.headers | {"Content-Type": content_type}
    return Prepared(method, entry.path, headers, body)


def _with_query(entry: BenchEntry) -> str:
    if not entry.data:
        return entry.path
    joint = "&" if "?" in entry.path else "?"
    return f"{entry.path}{joint}{urlencode(entry.data)}"


def _body(entry: BenchEntry) -> tuple[bytes, str]:
    if not entry.files:
        return urlencode(entry.data).encode(), "application/x-www-form-urlencoded"
    files = {
        field: (
            file.get("name", field),
            base64.b64decode(file.get("content_base64", "")),
            file.get("type", "application/octet-stream"),
        )
        for field, file in entry.files.items()
    }
    return encode_multipart_formdata({**entry.data, **files})
