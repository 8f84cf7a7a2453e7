"""Which proxy a call goes through: the caller's `proxies`, else the environment's."""

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import urlsplit


def proxy_for(url: str, proxies: Mapping[str, str] | None) -> str | None:
    """The URL of the proxy for a call to `url`, or None.

    Looks up `scheme://host`, `scheme`, `all://host` and `all`, as requests does. The environment
    is read at every call (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    known = _with_environment(dict(proxies or {}), parts.scheme, host, parts.port)
    keys = (f"{parts.scheme}://{host}", parts.scheme, f"all://{host}", "all")
    found = next((known[key] for key in keys if key in known), None)
    return f"http://{found}" if found and "://" not in found else found or None


def _with_environment(
    proxies: dict[str, str], scheme: str, host: str, port: int | None
) -> dict[str, str]:
    found = _in_environment(scheme) or _in_environment("all")
    if found and not _bypassed(host, port, proxies.get("no_proxy")):
        proxies.setdefault(scheme, found)
    return proxies


def _in_environment(scheme: str) -> str | None:
    """The variable in small letters counts before the other, even if it is empty.

    HTTP_PROXY is not read in a CGI script, where it is a header of the request:
    https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies.
    """
    small = os.environ.get(f"{scheme}_proxy")
    if small is not None or (scheme == "http" and "REQUEST_METHOD" in os.environ):
        return small
    return os.environ.get(f"{scheme.upper()}_PROXY")


def _bypassed(host: str, port: int | None, no_proxy: str | None) -> bool:
    if no_proxy is None:
        no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    entries = [entry for entry in no_proxy.replace(" ", "").split(",") if entry]
    return no_proxy == "*" or any(_covers(entry, host, port) for entry in entries)


def _covers(entry: str, host: str, port: int | None) -> bool:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        suffix = entry.lstrip(".")
        names = (host, f"{host}:{port}")
        return any(name == suffix or name.endswith(f".{suffix}") for name in names)
    try:
        return address in ipaddress.IPv4Network(entry, strict=False)
    except ValueError:
        return entry == host
