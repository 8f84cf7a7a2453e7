"""Cookies of one call: what it sends, what its redirects hand on, what its response brought.

The functions of `requests` keep no cookies between calls, and neither do these.
"""

import urllib.request
from collections.abc import Collection, Iterable, Mapping
from email.message import Message
from http.cookiejar import Cookie, CookieJar


class Cookies(CookieJar):
    """A cookie jar that can also be read like a dict of names and values."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of the first cookie of that name, or `default`."""
        return next((cookie.value for cookie in self if cookie.name == name), default)

    def __getitem__(self, name: str) -> str | None:
        for cookie in self:
            if cookie.name == name:
                return cookie.value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(cookie.name == name for cookie in self)

    def keys(self) -> list[str]:
        """The names, in the jar's order."""
        return [cookie.name for cookie in self]

    def values(self) -> list[str | None]:
        """The values, in the jar's order."""
        return [cookie.value for cookie in self]

    def items(self) -> list[tuple[str, str | None]]:
        """The names with their values, in the jar's order."""
        return [(cookie.name, cookie.value) for cookie in self]

    def get_dict(self) -> dict[str, str | None]:
        """The cookies as a plain dict."""
        return dict(self.items())


class _Answer:
    """What `CookieJar.extract_cookies` reads of a response."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._message = Message()
        for name, value in raw:
            self._message[name.decode("latin-1")] = value.decode("latin-1")

    def info(self) -> Message:
        return self._message


def jar_of(cookies: Mapping[str, str] | CookieJar | None) -> Cookies:
    """A new jar with these cookies. Those of a plain mapping are sent to every host."""
    jar = Cookies()
    if isinstance(cookies, CookieJar):
        for cookie in cookies:
            jar.set_cookie(cookie)
    else:
        for name, value in (cookies or {}).items():
            jar.set_cookie(_for_any_host(name, value))
    return jar


def header_for(jar: Cookies, url: str, host: str | None) -> str | None:
    """The `Cookie` header that the jar sends to that URL, or None."""
    if not jar:
        return None
    request = _request(url, host)
    jar.add_cookie_header(request)
    return request.get_header("Cookie")


def extract(jar: Cookies, raw: Collection[tuple[bytes, bytes]], url: str, host: str | None) -> None:
    """Put into the jar the cookies that a response's raw headers set."""
    if not any(name.lower().startswith(b"set-cookie") for name, _ in raw):
        return
    jar.extract_cookies(_Answer(raw), _request(url, host))  # type: ignore[arg-type]  # reads only info()


def _request(url: str, host: str | None) -> urllib.request.Request:
    request = urllib.request.Request(url)  # noqa: S310 - asked for its host and path, never opened
    if host:
        request.add_unredirected_header("Host", host)
    return request


def _for_any_host(name: str, value: str) -> Cookie:
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain="",
        domain_specified=False,
        domain_initial_dot=False,
        path="/",
        path_specified=True,
        secure=False,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )
