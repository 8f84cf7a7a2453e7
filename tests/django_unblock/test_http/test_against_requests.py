"""Every call is made twice, by requests and by django_unblock.http, against one real server.

What the server sees and what the caller gets must be the same.
"""

import asyncio
import gc
import io
import re
import socket
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from django_unblock import http

type Server = Any
type Seen = Any

UNSEEN = {"Host", "Connection", "Accept-Encoding"}


@dataclass(frozen=True)
class Outcome:
    """What a caller can tell of a call."""

    error: type[BaseException] | None
    status: int = 0
    body: bytes = b""
    url: str = ""
    reason: str = ""
    encoding: str | None = None
    text: str = ""
    ok: bool = False
    cookies: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    history: tuple[tuple[int, str], ...] = ()
    seen: tuple[tuple[str, str, tuple[tuple[str, str], ...], bytes], ...] = ()


def wire(seen: Seen) -> tuple[str, str, tuple[tuple[str, str], ...], bytes]:
    body, kind = seen.body, seen.headers.get("Content-Type", "")
    headers = {name: value for name, value in seen.headers.items() if name not in UNSEEN}
    if boundary := re.search(r"boundary=(\w+)", kind):
        body = body.replace(boundary[1].encode(), b"BOUNDARY")
        headers["Content-Type"] = kind.replace(boundary[1], "BOUNDARY")
    return seen.method, seen.target, tuple(sorted(headers.items())), body


def outcome(call: Callable[[], Any], server: Server) -> Outcome:
    server.seen.clear()
    try:
        response = call()
    except (requests.RequestException, ValueError, OSError, UnicodeError) as error:
        return Outcome(type(error), seen=tuple(map(wire, server.seen)))
    headers = {k: v for k, v in response.headers.items() if k != "Date"}
    return Outcome(
        None,
        response.status_code,
        response.content,
        response.url,
        response.reason,
        response.encoding,
        response.text,
        bool(response),
        tuple(sorted(response.cookies.items())),
        tuple(headers.items()),
        tuple((step.status_code, step.url) for step in response.history),
        tuple(map(wire, server.seen)),
    )


def both(server: Server, method: str, path: str, keywords: Callable[[], dict[str, Any]]) -> None:
    url = server.url + path if re.match(r"/(?!/)", path) else path

    async def alone() -> Any:
        await http.close()
        return await getattr(http, method.lower())(url, **keywords())

    def ours() -> Any:
        return asyncio.run(alone())

    theirs = outcome(lambda: getattr(requests, method.lower())(url, **keywords()), server)
    assert outcome(ours, server) == theirs


CALLS: dict[str, tuple[str, str, Callable[[], dict[str, Any]]]] = {
    "plain get": ("GET", "/", dict),
    "empty url": ("GET", "", dict),
    "params as dict": ("GET", "/x", lambda: {"params": {"a": 1, "b": "two words", "c": "é&="}}),
    "params with a list": ("GET", "/x", lambda: {"params": {"a": [1, 2], "b": (3,)}}),
    "params with None": ("GET", "/x", lambda: {"params": {"a": None, "b": [None, 1], "c": ""}}),
    "params as pairs": ("GET", "/x", lambda: {"params": [("a", 1), ("b", 2), ("a", 3)]}),
    "params as text": ("GET", "/x", lambda: {"params": "raw=1&b=a b"}),
    "params as bytes": ("GET", "/x", lambda: {"params": b"raw=1"}),
    "params join the query": ("GET", "/x?a=1", lambda: {"params": {"b": 2}}),
    "params are empty": ("GET", "/x?a=1", lambda: {"params": {}}),
    "params with booleans": ("GET", "/x", lambda: {"params": {"a": True, "b": 1.5, "c": b"x"}}),
    "quoting": ("GET", "/a b/é/%7Euser/%2F?q=a b&r=%zz", dict),
    "quoted already": ("GET", "/a%20b?q=%C3%A9&plus=a+b", dict),
    "odd characters": ("GET", "/x[1]{2}|'(3)?q=[1]{2}|'\"<>", dict),
    "dots in the path": ("GET", "/a/../b/./c", dict),
    "fragment": ("GET", "/x#part", dict),
    "data as dict": ("POST", "/x", lambda: {"data": {"a": 1, "b": "two words"}}),
    "data with a list": ("POST", "/x", lambda: {"data": {"a": [1, 2], "n": None}}),
    "data as pairs": ("POST", "/x", lambda: {"data": [("a", 1), ("a", "é")]}),
    "data as text": ("POST", "/x", lambda: {"data": "some é text"}),
    "data as bytes": ("POST", "/x", lambda: {"data": b"\x00\x01"}),
    "data is empty": ("POST", "/x", lambda: {"data": {}}),
    "data as empty text": ("POST", "/x", lambda: {"data": ""}),
    "data as file": ("POST", "/x", lambda: {"data": io.BytesIO(b"file body")}),
    "data as a half read file": ("PUT", "/x", lambda: {"data": half_read()}),
    "data as text file": ("POST", "/x", lambda: {"data": io.StringIO("text body")}),
    "data as generator": ("POST", "/x", lambda: {"data": iter([b"one", b"two"])}),
    "data on get": ("GET", "/x", lambda: {"data": {"a": 1}}),
    "json": ("POST", "/x", lambda: {"json": {"a": [1, None, "é"]}}),
    "json that is empty": ("POST", "/x", lambda: {"json": {}}),
    "json that is false": ("POST", "/x", lambda: {"json": False}),
    "json beside data": ("POST", "/x", lambda: {"json": {"a": 1}, "data": {"b": 2}}),
    "json with a type of its own": (
        "PUT",
        "/x",
        lambda: {"json": [1], "headers": {"content-type": "application/vnd.api+json"}},
    ),
    "json that is no JSON": ("POST", "/x", lambda: {"json": {"a": float("nan")}}),
    "files": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": ("a.txt", b"body", "text/plain")}},
    ),
    "files without a type": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": ("a.txt", b"body")}},
    ),
    "files by content": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": b"body", "g": "text"}},
    ),
    "files opened": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": named_file("/dir/photo.jpg")}},
    ),
    "files with headers": (
        "POST",
        "/status?code=200",
        lambda: {"files": [("f", ("a", b"b", "t/x", {"X-Part": "1"}))]},
    ),
    "files without a name": ("POST", "/status?code=200", lambda: {"files": {"f": (None, "value")}}),
    "files that are None": ("POST", "/status?code=200", lambda: {"files": {"f": None, "g": b"1"}}),
    "files with fields": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": ('é".txt', b"b")}, "data": {"a": [1, "é"], "n": None}},
    ),
    "files beside text": (
        "POST",
        "/status?code=200",
        lambda: {"files": {"f": b"1"}, "data": "text"},
    ),
    "headers": ("GET", "/x", lambda: {"headers": {"X-One": "1", "accept": "text/html"}}),
    "header as bytes": ("GET", "/x", lambda: {"headers": {"X-One": b"\xe9"}}),
    "header in latin-1": ("GET", "/x", lambda: {"headers": {"X-One": "é"}}),
    "header removed": ("GET", "/x", lambda: {"headers": {"Accept": None}}),
    "header replaced": ("GET", "/x", lambda: {"headers": {"user-agent": "shop/1"}}),
    "header that is a number": ("GET", "/x", lambda: {"headers": {"X-One": 1}}),
    "header that breaks the line": ("GET", "/x", lambda: {"headers": {"X-One": "a\r\nB: 1"}}),
    "header that starts with space": ("GET", "/x", lambda: {"headers": {"X-One": " a"}}),
    "header beyond latin-1": ("GET", "/x", lambda: {"headers": {"X-One": "✓"}}),
    "auth": ("GET", "/x", lambda: {"auth": ("user", "påss")}),
    "auth by requests' class": (
        "GET",
        "/x",
        lambda: {"auth": requests.auth.HTTPBasicAuth("user", "pass")},
    ),
    "auth by a function": ("POST", "/x", lambda: {"auth": signed, "data": {"a": 1}}),
    "auth replaces the header": (
        "GET",
        "/x",
        lambda: {"auth": ("u", "p"), "headers": {"Authorization": "Token t"}},
    ),
    "cookies": ("GET", "/x", lambda: {"cookies": {"a": "1", "b": "two"}}),
    "cookies beside a header": (
        "GET",
        "/x",
        lambda: {"cookies": {"a": "1"}, "headers": {"Cookie": "own=1"}},
    ),
    "cookies in a jar": ("GET", "/x", lambda: {"cookies": requests.cookies.RequestsCookieJar()}),
    "put": ("PUT", "/x", lambda: {"data": {"a": 1}}),
    "put without body": ("PUT", "/x", dict),
    "patch": ("PATCH", "/x", lambda: {"json": {"a": 1}}),
    "delete": ("DELETE", "/x", dict),
    "delete with params": ("DELETE", "/x", lambda: {"params": {"id": 1}}),
    "options": ("OPTIONS", "/x", dict),
    "head": ("HEAD", "/x", dict),
    "head does not follow": ("HEAD", "/redirect?to=/x", dict),
    "head follows when asked": ("HEAD", "/redirect?to=/x", lambda: {"allow_redirects": True}),
    "not followed": ("GET", "/redirect?to=/x", lambda: {"allow_redirects": False}),
    "redirect 301": ("GET", "/redirect?code=301&to=/x%3Fa=1", dict),
    "redirect drops the params": ("GET", "/redirect?to=/x", lambda: {"params": {"b": 1}}),
    "redirect keeps the fragment": ("GET", "/redirect?to=/x#part", dict),
    "redirect relative": ("GET", "/redirect?to=y/z", dict),
    "redirect with spaces": ("GET", "/redirect?to=/x y", dict),
    "redirect twice": ("GET", "/redirect?to=/redirect%3Fto=/x", dict),
    "redirect sets a cookie": ("GET", "/redirect?to=/x&cookie=s=1", dict),
    "redirect keeps cookies": (
        "GET",
        "/redirect?to=/x&cookie=s=1",
        lambda: {"cookies": {"a": "1"}},
    ),
    "redirect drops the cookie header": (
        "GET",
        "/redirect?to=/x",
        lambda: {"headers": {"Cookie": "own=1"}},
    ),
    "redirect drops the proxy's auth": (
        "GET",
        "/redirect?to=/x",
        lambda: {"headers": {"Proxy-Authorization": "Basic eA=="}},
    ),
    "redirect keeps auth": ("GET", "/redirect?to=/x", lambda: {"auth": ("u", "p")}),
    "redirect without end": ("GET", "/again", dict),
    "redirect to another scheme": ("GET", "/redirect?to=ftp://x.test/", dict),
    "304 is no redirect": ("GET", "/status?code=304", dict),
    "status 204": ("GET", "/status?code=204", dict),
    "status 404": ("GET", "/status?code=404", dict),
    "status 500": ("GET", "/status?code=500", dict),
    "gzip": ("GET", "/gzip", dict),
    "deflate": ("GET", "/deflate", dict),
    "broken gzip": ("GET", "/badgzip", dict),
    "cookies received": ("GET", "/cookies", dict),
    "utf-8": ("GET", "/text?hex=c3a9&type=text/html;charset=utf-8", dict),
    "text without charset": ("GET", "/text?hex=e9&type=text/html", dict),
    "quoted charset": ("GET", '/text?hex=c3a9&type=text/html; charset="UTF-8"', dict),
    "json without charset": ("GET", "/text?hex=22c3a922&type=application/json", dict),
    "no type": ("GET", "/text?hex=c3a9c3a9c3a9c3a9", dict),
    "wrong charset": ("GET", "/text?hex=e9&type=text/html;charset=utf-8", dict),
    "unknown charset": ("GET", "/text?hex=e9&type=text/html;charset=klingon", dict),
    "empty": ("GET", "/text", dict),
    "server hangs up": ("GET", "/hangup", dict),
    "server hangs up on post": ("POST", "/hangup", dict),
    "server speaks no HTTP": ("GET", "/garbage", dict),
    "body ends early": ("GET", "/short", dict),
    "server is too slow": ("GET", "/hold", lambda: {"timeout": 0.25}),
    "server is too slow for the pair": ("GET", "/hold", lambda: {"timeout": (5, 0.05)}),
    "body is too slow": ("GET", "/holdbody", lambda: {"timeout": 0.25}),
    "timeout kept": ("GET", "/x", lambda: {"timeout": (5, None)}),
    "timeout of zero": ("GET", "/x", lambda: {"timeout": 0}),
    "timeout of three": ("GET", "/x", lambda: {"timeout": (1, 2, 3)}),
    "no scheme": ("GET", "example.test/x", dict),
    "scheme left out": ("GET", "//example.test/x", dict),
    "no host": ("GET", "http://", dict),
    "no host with a path": ("GET", "http:///x", dict),
    "scheme ftp": ("GET", "ftp://example.test/x", dict),
    "scheme mailto": ("GET", "mailto:someone@example.test", dict),
    "scheme like http": ("GET", "httpx://example.test/", dict),
    "host and port only": ("GET", "localhost:8000/x", dict),
    "port that is no number": ("GET", "http://localhost:x/", dict),
    "wildcard host": ("GET", "http://*.example.test/", dict),
    "dot host": ("GET", "http://.example.test/", dict),
    "space in the host": ("GET", "http://exa mple.test/", dict),
    "credentials without host": ("GET", "http://u:p@/", dict),
    "dots beyond the root": ("GET", "/../../a/..", dict),
    "double slashes": ("GET", "/a//b/../c", dict),
    "backslash": ("GET", "/a\\b?c\\d", dict),
    "unknown host": ("GET", "http://no-such-host.invalid/", dict),
    "verify false on http": ("GET", "/x", lambda: {"verify": False}),
    "stream read": ("GET", "/gzip", lambda: {"stream": True}),
}


class Named(io.BytesIO):
    name = ""


def named_file(name: str) -> Named:
    opened = Named(b"opened")
    opened.name = name
    return opened


def half_read() -> io.BytesIO:
    opened = io.BytesIO(b"read-unread")
    opened.seek(5)
    return opened


def signed(request: Any) -> Any:
    request.headers["X-Signature"] = f"{request.method} {request.url[-2:]} {request.body!r:.1}"
    return request


@pytest.mark.parametrize("case", CALLS)
def test_same_as_requests(case: str, server: Server) -> None:
    both(server, *CALLS[case])


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_method_and_body_after_a_redirect(method: str, code: int, server: Server) -> None:
    keywords = {"allow_redirects": True, "data": {"a": 1}, "headers": {"X-Kept": "1"}}
    both(server, method, f"/redirect?code={code}&to=/x", lambda: dict(keywords))


@pytest.mark.parametrize("code", [302, 307])
@pytest.mark.parametrize("body", ["file", "generator"])
def test_streamed_body_after_a_redirect(body: str, code: int, server: Server) -> None:
    def keywords() -> dict[str, Any]:
        return {"data": io.BytesIO(b"again") if body == "file" else iter([b"gone"])}

    both(server, "POST", f"/redirect?code={code}&to=/x", keywords)


def test_authorization_stays_behind_at_another_host(server: Server) -> None:
    port = server.address[1]
    target = f"/redirect?to=http://localhost:{port}/x"
    both(server, "GET", target, lambda: {"auth": ("u", "p")})
    assert "Authorization" in server.seen[0].headers
    assert "Authorization" not in server.seen[1].headers


def test_host_alone(server: Server) -> None:
    both(server, "GET", server.url, lambda: {"params": {"a": 1}})
    assert server.seen[0].target == "/?a=1"


def test_credentials_in_the_url(server: Server) -> None:
    host, port = server.address
    both(server, "GET", f"http://us%40er:pass@{host}:{port}/x", dict)
    assert "Authorization" in server.seen[0].headers


def test_nothing_listens(server: Server) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        both(server, "GET", f"http://127.0.0.1:{reserved.getsockname()[1]}/", dict)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_proxy_of_the_environment(
    variable: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, server.url)
    both(server, "GET", "http://far.invalid/x?a=1", dict)
    assert [seen.target for seen in server.seen] == ["http://far.invalid/x?a=1"]


@pytest.mark.parametrize("bypass", ["elsewhere.test,127.0.0.1", "127.0.0.0/8", "*"])
def test_proxy_is_bypassed(bypass: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", bypass)
    both(server, "GET", "/x", dict)
    assert len(server.seen) == 1


def test_proxies_keyword(server: Server) -> None:
    both(server, "GET", "http://far.invalid/x", lambda: {"proxies": {"http": server.url}})
    assert len(server.seen) == 1


def test_netrc(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login someone password secret\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    both(server, "GET", "/x", dict)
    assert "Authorization" in server.seen[0].headers


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/text?hex=7b7d", None),
        ("/text?hex=fffe7b007d00", None),
        ("/text?hex=efbbbf7b227d", requests.JSONDecodeError),
        ("/text?hex=3c68746d6c3e&type=text/html", requests.JSONDecodeError),
        ("/text", requests.JSONDecodeError),
    ],
)
def test_json(path: str, error: type[Exception] | None, server: Server) -> None:
    theirs = requests.get(server.url + path, timeout=5)
    ours = asyncio.run(http.get(server.url + path))
    if error is None:
        assert ours.json() == theirs.json()
        return
    with pytest.raises(error) as expected:
        theirs.json()
    with pytest.raises(error) as raised:
        ours.json()
    assert str(raised.value) == str(expected.value)


@pytest.mark.parametrize("code", [200, 302, 399, 400, 404, 499, 500, 503, 599])
def test_raise_for_status(code: int, server: Server) -> None:
    def raised(response: Any) -> requests.HTTPError | None:
        try:
            response.raise_for_status()
        except requests.HTTPError as error:
            return error
        return None

    url = f"{server.url}/status?code={code}"
    response = asyncio.run(http.get(url))
    ours, theirs = raised(response), raised(requests.get(url, timeout=5))
    assert str(ours) == str(theirs)
    if ours is not None:
        assert (ours.response, ours.request) == (response, response.request)


def test_links(server: Server) -> None:
    url = f"{server.url}/links"
    assert asyncio.run(http.get(url)).links == requests.get(url, timeout=5).links


def test_response_headers_in_any_case(server: Server) -> None:
    response = asyncio.run(http.get(f"{server.url}/cookies"))
    assert response.headers["x-twice"] == response.headers["X-TWICE"] == "one, two"
    assert response.headers.get("missing") is None


def test_no_cookie_is_kept_between_calls(server: Server) -> None:
    async def twice() -> None:
        await http.get(f"{server.url}/cookies")
        await http.get(f"{server.url}/x")

    asyncio.run(twice())
    assert "Cookie" not in server.seen[1].headers


def test_elapsed_is_positive(server: Server) -> None:
    assert asyncio.run(http.get(server.url)).elapsed.total_seconds() > 0


def test_no_unclosed_connection_is_left(server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        asyncio.run(http.get(server.url))
        gc.collect()
