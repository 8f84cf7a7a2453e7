"""URLs as `requests` takes them: what it refuses, how it quotes, and where credentials come from."""

import netrc
import os
import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import httpx

from django_unblock.http.body import query_of
from django_unblock.http.exceptions import InvalidSchema, InvalidURL, MissingSchema

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "!#$&'()*+,/:;=?@[]~"
_PATH_SAFE = "!$&'()*+,/:;=@~"
_QUERY_SAFE = _PATH_SAFE + "?"
_NO_HOST = re.compile(r"[\s\\<>^`{|}]")
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
    path = _without_dots(parts.path) or "/"
    return _join(parts._replace(netloc=_netloc(text, parts), path=path, query=query))


def check_scheme(url: str) -> None:
    """Raise `InvalidSchema` for a URL that is neither http nor https, as after a redirect."""
    if urlsplit(url).scheme.lower() not in _DEFAULT_PORTS:
        raise InvalidSchema(f"No connection adapters were found for {url!r}")


@lru_cache(maxsize=256)
def to_send(url: str) -> httpx.URL:
    """The URL as it is sent: without credentials, which go into a header.

    Raises:
        InvalidURL: httpx refuses it.
    """
    try:
        parts = urlsplit(url)
        return httpx.URL(_join(parts._replace(netloc=parts.netloc.rpartition("@")[2])))
    except httpx.InvalidURL as error:
        raise InvalidURL(f"Invalid URL {url!r}: {error}") from error


def origin(url: str) -> str:
    """The scheme, host and port of a URL, to tell servers apart."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def requote(url: str) -> str:
    """Quote what must be quoted and unquote what need not be, without quoting anything twice."""
    return _quoted(url, _SAFE)


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
    if _NO_HOST.search(host):
        raise InvalidURL(f"Failed to parse: {text}")
    host = _in_ascii(host)
    host = f"[{host}]" if ":" in host else host
    auth, at, _ = parts.netloc.rpartition("@")
    return f"{auth}{at}{host}" + (f":{parts.port}" if parts.port is not None else "")


@lru_cache(maxsize=256)
def _in_ascii(host: str) -> str:
    try:
        return httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise InvalidURL("URL has an invalid label.") from error


def _join(parts: SplitResult) -> str:
    return urlunsplit(
        parts._replace(
            path=_quoted(parts.path, _PATH_SAFE),
            query=_quoted(parts.query, _QUERY_SAFE),
            fragment=_quoted(parts.fragment, _QUERY_SAFE),
        )
    )


def _quoted(part: str, safe: str) -> str:
    if re.search(r"%(?![0-9a-fA-F]{2})", part):
        return quote(part, safe=safe)
    return quote(_ESCAPE.sub(_unescaped, part), safe=safe + "%")


def _without_dots(path: str) -> str:
    """The path with its `.` and `..` worked out: RFC 3986, section 5.2.4."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _netrc_path() -> Path | None:
    named = os.environ.get("NETRC")
    paths = (Path(named),) if named else _netrc_paths_at_home()
    return next((path for path in paths if path.exists()), None)


@cache
def _netrc_paths_at_home() -> tuple[Path, ...]:
    return Path.home() / ".netrc", Path.home() / "_netrc"
