"""What a call sends, worked out before anything is sent: URL, headers, cookies, body, credentials."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http.cookiejar import CookieJar
from importlib.metadata import version
from typing import Any

import httpx

from django_unblock.http import body as bodies
from django_unblock.http import cookies as jars
from django_unblock.http import urls
from django_unblock.http.exceptions import InvalidHeader
from django_unblock.http.headers import Headers

type Auth = tuple[str | bytes, str | bytes] | Callable[[Any], Any] | None

_NAME = re.compile(r"[^:\s][^:\r\n]*")
_VALUE = re.compile(r"(\S[^\r\n]*)?")


@dataclass(slots=True)
class Prepared:
    """A call ready to be sent. `auth` callables may change it, so it is not frozen."""

    method: str
    url: str
    headers: Headers[str | bytes]
    body: bytes | str | bodies.Stream | None
    jar: jars.Cookies

    def copy(self) -> "Prepared":
        """A copy whose headers and cookies can be changed apart from the original's."""
        return replace(self, headers=self.headers.copy(), jar=jars.jar_of(self.jar))

    @property
    def host_header(self) -> str | None:
        """The `Host` header where the caller set one: cookies are then that host's."""
        host = self.headers.get("Host")
        return host.decode() if isinstance(host, bytes) else host

    def add_cookie_header(self) -> None:
        """Add the jar's `Cookie` header, unless there is one."""
        if "Cookie" not in self.headers:
            cookie = jars.header_for(self.jar, self.url, self.host_header)
            if cookie is not None:
                self.headers["Cookie"] = cookie

    def authorize(self, auth: Auth) -> "Prepared":
        """Apply requests' `auth`: a pair for HTTP basic, or a callable that changes the call."""
        if not auth:
            return self
        if isinstance(auth, tuple):
            self.headers["Authorization"] = _basic(*auth)
            return self
        authorized: Prepared = auth(self)
        authorized.set_length()
        return authorized

    def set_length(self) -> None:
        """Set `Content-Length`; requests writes 0 for every method but GET and HEAD."""
        if isinstance(self.body, bodies.Stream):
            if self.body.length:
                self.headers["Content-Length"] = str(self.body.length)
            else:
                self.headers["Transfer-Encoding"] = "chunked"
        elif self.body:
            self.headers["Content-Length"] = str(len(bodies.as_bytes(self.body)))
        elif self.method not in ("GET", "HEAD"):
            self.headers.setdefault("Content-Length", "0")


@dataclass(frozen=True, slots=True)
class Content:
    """What a call is to send: the keywords of requests' functions."""

    params: Any = None
    data: Any = None
    json: Any = None
    files: Any = None
    headers: Mapping[str, str | bytes | None] | None = None
    cookies: Mapping[str, str] | CookieJar | None = None
    auth: Auth = None


def prepared(method: str, url: str | bytes, content: Content) -> Prepared:
    """Work out the call.

    Raises:
        MissingSchema, InvalidSchema, InvalidURL: for the URL.
        InvalidHeader: for a header that can't be sent.
        InvalidJSONError: for `json` that can't be written.
    """
    target = urls.prepare(url, content.params)
    encoded = bodies.encode(content.data, content.files, content.json)
    headers, jar = _headers(content.headers or {}), jars.jar_of(content.cookies)
    call = Prepared(method.upper(), target, headers, encoded.content, jar)
    call.add_cookie_header()
    call.set_length()
    if encoded.content_type:
        call.headers.setdefault("Content-Type", encoded.content_type)
    return call.authorize(
        content.auth or urls.netrc_credentials(target) or urls.credentials(target)
    )


def _headers(given: Mapping[str, str | bytes | None]) -> Headers[str | bytes]:
    headers: Headers[str | bytes] = Headers(_default_headers())
    for name, value in given.items():
        if value is None:
            headers.pop(name, None)
        else:
            headers[_checked(name, _NAME, name)] = _checked(name, _VALUE, value)
    return headers


def _checked[Part: (str, str | bytes)](name: str, allowed: re.Pattern[str], part: Part) -> Part:
    if not isinstance(part, str | bytes):
        raise InvalidHeader(f"Header {name!r} must be text or bytes, not {type(part).__name__}")
    text = part.decode("latin-1") if isinstance(part, bytes) else part
    if not allowed.fullmatch(text):
        raise InvalidHeader(
            "Invalid leading whitespace, reserved character(s), or return character(s) "
            f"in header {name!r}: {part!r}"
        )
    return part


@cache
def _default_headers() -> dict[str, str | bytes]:
    """What every call carries.

    The User-Agent is that of the installed requests, so that a server which counts or filters by
    it sees no change; without requests it is ours. Accept-Encoding names what httpx can decode.
    """
    undisturbed = httpx.Client(verify=False)  # noqa: S501 - asked for its headers, never used
    return {
        "User-Agent": _user_agent(),
        "Accept-Encoding": undisturbed.headers["Accept-Encoding"],
        "Accept": "*/*",
        "Connection": "keep-alive",
    }


def _user_agent() -> str:
    try:
        from requests.utils import default_user_agent
    except ImportError:
        return f"django-unblock/{version('django-unblock')}"
    return default_user_agent()


def _basic(user: str | bytes, password: str | bytes) -> str:
    pair = b":".join(
        part if isinstance(part, bytes) else str(part).encode("latin-1")
        for part in (user, password)
    )
    return "Basic " + base64.b64encode(pair).decode("ascii")
