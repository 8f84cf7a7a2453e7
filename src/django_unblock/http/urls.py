"""URLs as `requests` takes them: what it refuses, how it quotes, and where credentials come from."""

import netrc
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import httpx

from django_unblock.http.body import query_of
from django_unblock.http.exceptions import InvalidSchema, InvalidURL, MissingSchema

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "!#$&'()*+,/:;=?@[]~"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def prepare(url: str | bytes, params: object) -> str:
    """The URL with `params` in its query, quoted.

    Raises:
        MissingSchema: it has no scheme.
        InvalidSchema: its scheme is neither http nor https.
        InvalidURL: it names no host, or one that can't be.
    """
    text = (url.decode() if isinstance(url, bytes) else str(url)).lstrip()
    if ":" in text and not text.lower().startswith("http"):
        raise InvalidSchema(f"No connection adapters were found for {text!r}")
    if not _SCHEME.match(text):
        raise MissingSchema(
            f"Invalid URL {text!r}: No scheme supplied. Perhaps you meant https://{text}?"
        )
    parts = _split(text)
    query = "&".join(part for part in (parts.query, query_of(params)) if part)
    prepared = urlunsplit(
        (parts.scheme, _netloc(text, parts), parts.path or "/", query, parts.fragment)
    )
    return requote(prepared)


def check_scheme(url: str) -> None:
    """Raise `InvalidSchema` for a URL that is neither http nor https, as after a redirect."""
    if urlsplit(url).scheme.lower() not in _DEFAULT_PORTS:
        raise InvalidSchema(f"No connection adapters were found for {url!r}")


def to_send(url: str) -> httpx.URL:
    """The URL as httpx takes it: without credentials, which go into a header.

    Raises:
        InvalidURL: httpx refuses it.
    """
    try:
        return httpx.URL(url).copy_with(username=None, password=None)
    except httpx.InvalidURL as error:
        raise InvalidURL(f"Invalid URL {url!r}: {error}") from error


def requote(url: str) -> str:
    """Quote what must be quoted and unquote what need not be, without quoting anything twice."""
    if "%" not in url:
        return quote(url, safe=_SAFE)
    if re.search(r"%(?![0-9a-fA-F]{2})", url):
        return quote(url, safe=_SAFE)
    return quote(_ESCAPE.sub(_unescaped, url), safe=_SAFE + "%")


def credentials(url: str) -> tuple[str, str] | None:
    """The user and password written in the URL, or None."""
    parts = urlsplit(url)
    if parts.username is None or parts.password is None:
        return None
    found = (unquote(parts.username), unquote(parts.password))
    return found if any(found) else None


def netrc_credentials(url: str) -> tuple[str, str] | None:
    """The login and password that the user's netrc file has for the URL's host, or None."""
    path = _netrc_path()
    host = urlsplit(url).hostname
    if path is None or host is None:
        return None
    try:
        found = netrc.netrc(path).authenticators(host)
    except (netrc.NetrcParseError, OSError):
        return None
    return (found[0] or found[1] or "", found[2] or "") if found and any(found) else None


def leaves_origin(old: str, new: str) -> bool:
    """Whether a redirect from `old` to `new` must not carry the Authorization header.

    Going from http to https of one host on the usual ports keeps it, as in requests.
    """
    before, after = urlsplit(old), urlsplit(new)
    if before.hostname != after.hostname:
        return True
    origins = (before.scheme, _port(before)), (after.scheme, _port(after))
    return origins[0] != origins[1] and origins != (("http", 80), ("https", 443))


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError as error:
        raise InvalidURL(f"Failed to parse: {text}") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidSchema(f"No connection adapters were found for {text!r}")
    if not parts.hostname:
        raise InvalidURL(f"Invalid URL {text!r}: No host supplied")
    return parts


def _netloc(text: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if host.startswith(("*", ".")):
        raise InvalidURL("URL has an invalid label.")
    try:
        host = httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise InvalidURL("URL has an invalid label.") from error
    if re.search(r"[\s\\<>^`{|}]", host):
        raise InvalidURL(f"Failed to parse: {text}")
    host = f"[{host}]" if ":" in host else host
    auth, at, _ = parts.netloc.rpartition("@")
    return f"{auth}{at}{host}" + (f":{parts.port}" if parts.port is not None else "")


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0]


@cache
def _netrc_path() -> Path | None:
    """Looked for once per process: requests looks at every call, on disk."""
    named = os.environ.get("NETRC")
    paths = [Path(named)] if named else [Path.home() / ".netrc", Path.home() / "_netrc"]
    return next((path for path in paths if path.exists()), None)
