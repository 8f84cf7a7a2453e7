"""The outbound calls of all sides, through one recording: an HTTP proxy per side, and the real upstream asked once.

Workers find their proxy in HTTP_PROXY, as `requests`, `urllib`, boto3 and httpx do in any network with one, so nothing
in them is replaced. The first side to make a call has it carried out; the others get the same answer. Only loopback
and the hosts that the user allows are called for real.
"""

import http.client
import select
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from unblocker.verify.canonical import Body, canonical_body
from unblocker.verify.outbound import Call, Headers, canonical_call
from unblocker.verify.process import Side
from unblocker.verify.protocol import Fault, FaultKind
from unblocker.verify.world import is_loopback

_HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
UPSTREAM_SECONDS = 60.0
# Who waits longer for a call that is held has no timeout: those of sockets are cut, see impatience.py.
HELD_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the upstream said."""

    status: int
    reason: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class NoConnection:
    """The upstream could not be reached, or may not be called."""

    reason: Literal["unreachable", "not allowed"]


@dataclass(frozen=True, slots=True)
class Held:
    """The upstream takes the call and says nothing."""


type Outcome = Answer | NoConnection | Held

_FAILURES: dict[FaultKind, Outcome] = {
    "error answer": Answer(500, "Internal Server Error", (), b"a fault put in by django-unblock"),
    "no answer": NoConnection("unreachable"),
    "timeout": Held(),
}

type _Key = tuple[str, str, Body, int]


class Recorder:
    """A `with` block in which the proxies run."""

    def __init__(self, sides: Iterable[Side], allowed_hosts: frozenset[str]) -> None:
        self._allowed = allowed_hosts
        self._lock = threading.Lock()
        self._proxies = {side: _Proxy(self, side) for side in sides}
        self._calls: dict[Side, list[Call]] = {side: [] for side in self._proxies}
        self._recorded: dict[_Key, Future[Outcome]] = {}
        self._fault: Fault | None = None
        self.blocked: set[str] = set()
        self.patient: set[str] = set()
        """Hosts, calls to which were held since `again`, and on some side never given up."""

    def __enter__(self) -> Self:
        for proxy in self._proxies.values():
            threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for proxy in self._proxies.values():
            proxy.shutdown()
            proxy.server_close()

    def port(self, side: Side) -> int:
        """The port of the side's proxy."""
        return int(self._proxies[side].server_address[1])

    def begin(self) -> None:
        """Start a new recording: the next request may get other answers to the same calls."""
        with self._lock:
            self._recorded = {}
            self._calls = {side: [] for side in self._proxies}
            self._fault = None
            self.blocked = set()

    def again(self, fault: Fault | None = None) -> None:
        """Forget the calls, not the answers: the same request is made once more, and this call is to fail."""
        with self._lock:
            self._calls = {side: [] for side in self._proxies}
            self._fault = fault
            self.patient = set()

    def calls(self, side: Side) -> tuple[Call, ...]:
        """The side's calls since `begin`, in the order of their arrival."""
        with self._lock:
            return tuple(self._calls[side])

    def exchange(self, side: Side, call: Call) -> Outcome:
        """The recorded outcome of the call; the first side to ask waits for the upstream."""
        with self._lock:
            same = Counter((each.method, each.url, _body(each)) for each in self._calls[side])
            identity = (call.method, call.url, _body(call))
            key = (*identity, same[identity])
            self._calls[side].append(call)
            if (failure := self._failure(side, call)) is not None:
                return failure
            first = key not in self._recorded
            future = self._recorded.setdefault(key, Future())
        if first:
            future.set_result(self._ask_upstream(call))
        return future.result()

    def not_given_up(self, call: Call) -> None:
        """The call was held, and its client still waits."""
        with self._lock:
            self.patient.add(call.host)

    def _failure(self, side: Side, call: Call) -> Outcome | None:
        """How the call fails, if it is the one that is to; made once more, it fails again."""
        fault = self._fault
        if fault is None or fault.kind not in _FAILURES or canonical_call(call) != fault.target:
            return None
        alike = sum(canonical_call(each) == fault.target for each in self._calls[side])
        return _FAILURES[fault.kind] if alike > fault.occurrence else None

    def _ask_upstream(self, call: Call) -> Outcome:
        target = urlsplit(call.url)
        if call.method == "CONNECT" or not self._may_call(target.hostname or ""):
            with self._lock:
                self.blocked.add(call.host)
            return NoConnection("not allowed")
        try:
            return _carry_out(call, target.hostname or "", target.port or 80)
        except (OSError, ValueError, http.client.HTTPException):
            return NoConnection("unreachable")

    def _may_call(self, host: str) -> bool:
        return is_loopback(host) or host in self._allowed


def _body(call: Call) -> Body:
    return canonical_body(call.body, dict(call.headers).get("content-type", ""))


def _carry_out(call: Call, host: str, port: int) -> Answer:
    connection = http.client.HTTPConnection(host, port, timeout=UPSTREAM_SECONDS)
    try:
        target = urlsplit(call.url)._replace(scheme="", netloc="").geturl() or "/"
        connection.putrequest(call.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in call.headers:
            connection.putheader(name, value)
        connection.putheader("connection", "close")
        connection.endheaders(call.body)
        response = connection.getresponse()
        headers = tuple((name, value) for name, value in response.getheaders() if _end_to_end(name))
        return Answer(response.status, response.reason, headers, response.read())
    finally:
        connection.close()


def _end_to_end(name: str) -> bool:
    return name.lower() not in _HOP_BY_HOP


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, recorder: Recorder, side: Side) -> None:
        self.recorder = recorder
        self.side = side
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone, by its own timeout, is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy
    # Headers and body leave in two writes: without this, each answer waits for the client's delayed ACK.
    disable_nagle_algorithm = True

    def do_any(self) -> None:
        body = self._read_body()
        headers = tuple(
            (name.lower(), value) for name, value in self.headers.items() if _end_to_end(name)
        )
        url = f"https://{self.path}" if self.command == "CONNECT" else self.path
        call = Call(self.command, url, headers, body)
        outcome = self.server.recorder.exchange(self.server.side, call)
        match outcome:
            case Answer():
                self._answer(outcome)
            case NoConnection():
                self.close_connection = True  # as a server does that goes away
            case Held():
                self._hold(call)
                self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_CONNECT = do_any  # noqa: N815

    def _hold(self, call: Call) -> None:
        if not select.select([self.connection], [], [], HELD_SECONDS)[0]:
            self.server.recorder.not_given_up(call)

    def _read_body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return self._read_chunks()
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def _read_chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status, answer.reason)
        sized = False
        for name, value in answer.headers:
            sized = sized or name.lower() == "content-length"
            self.send_header(name, value)
        if not sized and answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Calls are recorded, not logged."""
