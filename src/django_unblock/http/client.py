"""Sending a call, and following where it is sent on to, by requests' rules."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from django_unblock import bridge, conf
from django_unblock.http import clients, cookies, urls
from django_unblock.http.body import Stream
from django_unblock.http.errors import sending
from django_unblock.http.exceptions import RequestException, TooManyRedirects
from django_unblock.http.prepare import Prepared
from django_unblock.http.response import Response

MAX_REDIRECTS = 30

# A server may close an idle connection just as it is used again. A call with another method must
# not be sent twice, so it gets a connection of its own, as `requests.post` gives it.
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})


@dataclass(frozen=True, slots=True)
class Options:
    """How a call is carried, beside what it sends. Timeouts are seconds; None never ends."""

    timeout: float | tuple[float | None, float | None] | None = None
    allow_redirects: bool = True
    stream: bool = False
    verify: clients.Verify = None
    cert: clients.Cert = None
    proxies: Mapping[str, str] | None = None

    def httpx_timeout(self) -> dict[str, float | None]:
        """Connect and read timeouts; waiting for a free connection and writing take no limit.

        Raises:
            ValueError: not a positive number, nor a pair of a connect and a read timeout.
        """
        given = self.timeout
        pair = given if isinstance(given, tuple) else (given, given)
        if len(pair) != 2:
            raise ValueError(
                f"Invalid timeout {given}. Pass a (connect, read) timeout tuple, "
                "or a single float to set both timeouts to the same value."
            )
        if any(seconds is not None and seconds <= 0 for seconds in pair):
            raise ValueError(f"Invalid timeout {given}: a timeout is more than 0 seconds.")
        return {"connect": pair[0], "read": pair[1], "write": None, "pool": None}


async def send(request: Prepared, options: Options) -> Response:
    """Send the call and follow its redirects, each response read unless it is to be streamed.

    Raises:
        RequestException: the call failed; see `django_unblock.http.exceptions`.
    """
    response = await _send_once(request, options)
    history: list[Response] = []
    while options.allow_redirects and response.is_redirect:
        if len(history) >= MAX_REDIRECTS:
            await response.aclose()
            raise TooManyRedirects(
                f"Exceeded {MAX_REDIRECTS} redirects.",
                response=response,  # type: ignore[arg-type,unused-ignore]
            )
        await _discard(response)
        response.history = history.copy()
        history.append(response)
        response = await _send_once(_redirected(response), options)
    response.history = history
    if not options.stream or not bridge.inside():
        await _read(response)
    return response


async def _send_once(request: Prepared, options: Options) -> Response:
    route = clients.route_for(
        request.url,
        verify=options.verify,
        cert=options.cert,
        proxies=options.proxies,
    )
    connection = _Connection()
    with sending(request):
        try:
            fresh = request.method not in _REPEATABLE
            return await _exchange(request, options, route, connection, fresh=fresh)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            if connection.is_new or isinstance(request.body, Stream):
                raise
        # An idle connection that its server closed as it was used again: not the call's failure.
        return await _exchange(request, options, route, connection, fresh=True)


@dataclass(slots=True)
class _Connection:
    """Learns from httpcore's trace whether a call opened its own connection."""

    is_new: bool = False

    async def trace(self, event: str, _info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            self.is_new = True


async def _exchange(
    request: Prepared,
    options: Options,
    route: clients.Route,
    connection: _Connection,
    *,
    fresh: bool,
) -> Response:
    lanes = await clients.lanes_for(route, conf.current().HTTP_MAX_CONNECTIONS)
    extensions = {"timeout": options.httpx_timeout(), "trace": connection.trace}
    start = time.perf_counter()
    outgoing = _to_httpx(request, extensions)
    source = await lanes.send(outgoing, urls.origin(request.url), fresh=fresh)
    elapsed = timedelta(seconds=time.perf_counter() - start)
    jar = cookies.Cookies()
    cookies.extract(jar, source.headers.raw, request.url, request.host_header)
    return Response(request, source, jar, elapsed)


def _to_httpx(request: Prepared, extensions: dict[str, Any]) -> httpx.Request:
    body = request.body
    content = body.chunks() if isinstance(body, Stream) else body
    headers = [
        (name.encode("ascii"), value if isinstance(value, bytes) else value.encode("latin-1"))
        for name, value in request.headers.items()
    ]
    return httpx.Request(
        request.method,
        urls.to_send(request.url),
        headers=headers,
        content=content,
        extensions=extensions,
    )


async def _read(response: Response) -> None:
    try:
        await response.aread()
    except BaseException:
        await response.aclose()
        raise


async def _discard(response: Response) -> None:
    """Read a redirect's body, so that its connection can be used again; a broken one is dropped."""
    try:
        await response.aread()
    except RequestException:
        await response.aclose()


def _redirected(response: Response) -> Prepared:
    """The call that a redirect asks for."""
    before = response.request
    request = before.copy()
    request.url = _location(response)
    request.method = _method_after(response.status_code, before.method)
    request.headers.pop("Cookie", None)
    request.headers.pop("Proxy-Authorization", None)
    if response.status_code not in (307, 308):
        for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
            request.headers.pop(name, None)
        request.body = None
    elif isinstance(request.body, Stream):
        request.body.rewind()
    for cookie in response.cookies:
        request.jar.set_cookie(cookie)
    request.add_cookie_header()
    if urls.leaves_origin(before.url, request.url):
        request.headers.pop("Authorization", None)
    return request.authorize(urls.netrc_credentials(request.url))


def _location(response: Response) -> str:
    """Where the redirect leads: absolute, quoted, with the old fragment unless it has its own."""
    target = response.headers["Location"].encode("latin-1").decode("utf-8")
    location = urls.requote(urljoin(response.url, target))
    fragment = urlsplit(response.url).fragment
    if fragment and not urlsplit(location).fragment:
        location = f"{location}#{fragment}"
    urls.check_scheme(location)
    return location


def _method_after(status: int, method: str) -> str:
    if status in (302, 303) and method != "HEAD":
        return "GET"
    return "GET" if status == 301 and method == "POST" else method
