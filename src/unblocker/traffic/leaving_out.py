"""What of a browser's or a server's requests says nothing about a view."""

import re
from collections.abc import Mapping

_ASSETS = re.compile(
    r".*\.(css|m?js|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|mp[34]|webm)",
    re.IGNORECASE | re.DOTALL,
)

_HEADERS = frozenset({"accept", "accept-language", "authorization", "content-type", "referer"})
_FAMILIES = ("x-", "hx-", "if-")
_SENDABLE = re.compile(r"[\x20-\x7e]*")
_OF_PROXIES = ("x-forwarded-", "x-real-ip", "x-csrftoken")


def is_asset(path: str) -> bool:
    """Whether the path, without its query string, is that of a static file."""
    return _ASSETS.fullmatch(path) is not None


def telling_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those that views look at; no cookies, and nothing that a proxy or the connection put there."""
    return {
        name: value
        for name, value in headers.items()
        if _is_telling(name.lower()) and _SENDABLE.fullmatch(name) and _SENDABLE.fullmatch(value)
    }


def _is_telling(name: str) -> bool:
    return name in _HEADERS or (name.startswith(_FAMILIES) and not name.startswith(_OF_PROXIES))
