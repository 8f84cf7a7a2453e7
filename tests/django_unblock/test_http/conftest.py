"""A real HTTP server on loopback that tells what it was asked and answers as its path says."""

import gzip
import json
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass(frozen=True)
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


@dataclass
class Server:
    url: str
    address: tuple[str, int]
    seen: list[Seen] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "ThreadingHTTPServer"

    def log_message(self, *args: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self._body()
        self.state.seen.append(
            Seen(self.command, self.path, dict(self.headers.items()), body, self.client_address)
        )
        self.state.asked.set()
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        verb = parts.path.split("/")[1] or "echo"
        getattr(self, f"path_{verb}", self.path_echo)(query, body)

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    @property
    def state(self) -> Server:
        return self.server.state  # type: ignore[attr-defined]

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, body: bytes = b"", *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def path_echo(self, query: dict[str, str], body: bytes) -> None:
        told = {"method": self.command, "target": self.path, "body": body.decode("latin-1")}
        self.answer(200, json.dumps(told).encode(), ("Content-Type", "application/json"))

    def path_status(self, query: dict[str, str], body: bytes) -> None:
        self.answer(int(query["code"]), b"said", ("Content-Type", "text/plain"))

    def path_redirect(self, query: dict[str, str], body: bytes) -> None:
        headers = [("Location", query["to"])]
        if "cookie" in query:
            headers.append(("Set-Cookie", query["cookie"]))
        self.answer(int(query.get("code", 302)), b"moved", *headers)

    def path_again(self, query: dict[str, str], body: bytes) -> None:
        self.answer(302, b"", ("Location", self.path))

    def path_text(self, query: dict[str, str], body: bytes) -> None:
        content = bytes.fromhex(query.get("hex", ""))
        kind = query.get("type")
        self.answer(200, content, *([("Content-Type", kind)] if kind else []))

    def path_cookies(self, query: dict[str, str], body: bytes) -> None:
        self.answer(
            200,
            b"",
            ("Set-Cookie", "a=1; Path=/"),
            ("Set-Cookie", "b=2; Path=/; HttpOnly"),
            ("X-Twice", "one"),
            ("X-Twice", "two"),
        )

    def path_gzip(self, query: dict[str, str], body: bytes) -> None:
        self.answer(200, gzip.compress(b"packed " * 50), ("Content-Encoding", "gzip"))

    def path_deflate(self, query: dict[str, str], body: bytes) -> None:
        self.answer(200, zlib.compress(b"packed " * 50), ("Content-Encoding", "deflate"))

    def path_badgzip(self, query: dict[str, str], body: bytes) -> None:
        self.answer(200, b"not gzip at all", ("Content-Encoding", "gzip"))

    def path_links(self, query: dict[str, str], body: bytes) -> None:
        link = '<https://a.test/?page=2>; rel="next", <https://a.test/?page=9>; rel="last"'
        self.answer(200, b"", ("Link", link))

    def path_hold(self, query: dict[str, str], body: bytes) -> None:
        self.state.release.wait(10)
        self.close_connection = True

    def path_holdbody(self, query: dict[str, str], body: bytes) -> None:
        self._start(100)
        self.wfile.write(b"half")
        self.state.release.wait(10)
        self.close_connection = True

    def path_short(self, query: dict[str, str], body: bytes) -> None:
        self._start(100)
        self.wfile.write(b"half")
        self.close_connection = True

    def path_hangup(self, query: dict[str, str], body: bytes) -> None:
        self.close_connection = True

    def path_garbage(self, query: dict[str, str], body: bytes) -> None:
        self.wfile.write(b"this is no HTTP\r\n\r\n")
        self.close_connection = True

    def path_large(self, query: dict[str, str], body: bytes) -> None:
        self.answer(200, b"x" * 8_000_000)

    def path_once(self, query: dict[str, str], body: bytes) -> None:
        """Answer as if the connection were kept, then close it."""
        self.answer(200, b"once")
        self.close_connection = True

    def path_lines(self, query: dict[str, str], body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in ("één\ntw", "ee\n", "drie"):
            data = piece.encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")

    def _start(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


@pytest.fixture(scope="session")
def http_server() -> Iterator[Server]:
    with QuietServer(("127.0.0.1", 0), Handler) as listening:
        host, port = listening.server_address[:2]
        listening.state = Server(f"http://{host}:{port}", (str(host), port))  # type: ignore[attr-defined]
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield listening.state  # type: ignore[attr-defined]
        listening.shutdown()
        thread.join()


@pytest.fixture
def server(http_server: Server) -> Iterator[Server]:
    http_server.seen.clear()
    http_server.asked.clear()
    http_server.release.clear()
    yield http_server
    http_server.release.set()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
