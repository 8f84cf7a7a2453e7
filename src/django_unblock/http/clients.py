"""Who holds the connections: pools per event loop, shared by every call made on that loop."""

import asyncio
import os
import ssl
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from django_unblock.http.exceptions import InvalidProxyURL
from django_unblock.http.lanes import IDLE_SECONDS, Lanes
from django_unblock.http.proxies import proxy_for

type Verify = bool | str | None
type Cert = str | tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Route:
    """What calls must have in common to share connections."""

    proxy: str | None
    verify: Verify
    cert: Cert


@dataclass(slots=True)
class _LoopPools:
    pools: dict[Route, Lanes] = field(default_factory=dict)
    closer: AsyncGenerator[None] | None = None


_loops: dict[asyncio.AbstractEventLoop, _LoopPools] = {}


def route_for(
    url: str,
    *,
    verify: Verify = None,
    cert: Cert = None,
    proxies: Mapping[str, str] | None = None,
) -> Route:
    """The route of a call, from requests' keywords and the environment."""
    secure = urlsplit(url).scheme == "https"
    return Route(
        proxy=proxy_for(url, proxies),
        verify=_verification(verify) if secure else True,
        cert=cert if secure else None,
    )


async def lanes_for(route: Route, max_connections: int) -> Lanes:
    """The running loop's connections for that route, closed when the loop ends, or by `close`."""
    loop = asyncio.get_running_loop()
    held = _loops.setdefault(loop, _LoopPools())
    if held.closer is None:
        held.closer = _close_with_loop(loop)
        await anext(held.closer)
    pool = held.pools.get(route)
    if pool is None:
        pool = held.pools[route] = Lanes(partial(_open, route), max_connections)
    return pool


async def close() -> None:
    """Close the running loop's pools. A later call opens new ones."""
    held = _loops.get(asyncio.get_running_loop())
    if held is not None and held.closer is not None:
        await held.closer.aclose()


async def _close_with_loop(loop: asyncio.AbstractEventLoop) -> AsyncGenerator[None]:
    """Close the pools when this generator is closed: event loops close theirs as they end.

    See https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.shutdown_asyncgens.
    """
    try:
        yield
    finally:
        held = _loops.pop(loop)
        while held.pools:
            await held.pools.popitem()[1].aclose()


def _open(route: Route) -> httpx.AsyncHTTPTransport:
    try:
        return httpx.AsyncHTTPTransport(
            verify=_tls(route.verify, route.cert),
            trust_env=False,
            proxy=route.proxy,
            limits=httpx.Limits(max_connections=1, keepalive_expiry=IDLE_SECONDS),
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise InvalidProxyURL(f"The proxy {route.proxy!r} can't be used: {error}") from error


def _verification(verify: Verify) -> Verify:
    """The CA bundle named by the environment takes the place of True, as in requests."""
    if verify is None or verify is True:
        named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        return named or True
    return verify


@cache
def _tls(verify: Verify, cert: Cert) -> ssl.SSLContext:
    """Made once per process: loading the CA bundle takes some 20 ms."""
    if isinstance(verify, str):
        context = _trusting(Path(verify))
    else:
        context = httpx.create_ssl_context(verify=bool(verify), trust_env=False)
    if cert:
        context.load_cert_chain(*((cert,) if isinstance(cert, str) else cert))
    return context


def _trusting(path: Path) -> ssl.SSLContext:
    if path.is_dir():
        return ssl.create_default_context(capath=path)
    if path.is_file():
        return ssl.create_default_context(cafile=path)
    raise OSError(f"Could not find a suitable TLS CA certificate bundle, invalid path: {path}")
