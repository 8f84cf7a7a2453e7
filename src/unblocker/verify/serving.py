"""The two ways to serve a request in a worker: the project's WSGI application, and its ASGI application."""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.utils.module_loading import import_string

from unblocker.verify.protocol import Trial, Wire
from unblocker.verify.schedule import ScheduledLoop

HOST, PORT = "testserver", 80

type Headers = tuple[tuple[str, str], ...]
type Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as the server would get it."""

    status: int
    headers: Headers
    body: bytes


class Server(Protocol):
    """Handles one request after the other."""

    @property
    def completed(self) -> int:
        """How many operations the event loop heard the end of while the last request was handled."""

    def handle(self, wire: Wire, trial: Trial) -> Answer:
        """The application's answer; raises what the application raises."""


class WsgiServer:
    """Serves through the project's WSGI application, in this thread; nothing of a trial but its fault concerns it."""

    completed = 0

    def __init__(self) -> None:
        from django.core.servers.basehttp import get_internal_wsgi_application

        self._application = get_internal_wsgi_application()

    def handle(self, wire: Wire, trial: Trial) -> Answer:  # noqa: ARG002
        """The application's answer; raises what the application raises."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return written.append

        body: Iterable[bytes] = self._application(_environ(wire), start_response)
        try:
            written.extend(body)
        finally:
            if close := getattr(body, "close", None):
                close()
        status, headers = started[-1]
        return Answer(int(status.split()[0]), tuple(headers), b"".join(written))


class AsgiServer:
    """Serves through the project's ASGI application, on one event loop that lives as long as the server."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=ScheduledLoop)
        self._schedule = self._scheduled().schedule
        self._application = _asgi_application()
        self._lifespan = _Lifespan(self._application)
        self._runner.run(self._lifespan.start())

    @property
    def completed(self) -> int:
        """How many operations the event loop heard the end of while the last request was handled."""
        return self._schedule.completed

    def handle(self, wire: Wire, trial: Trial) -> Answer:
        """The application's answer, when its background work is done too; raises what it raises."""
        return self._runner.run(self._exchange(wire, trial))

    async def _exchange(self, wire: Wire, trial: Trial) -> Answer:
        exchange = _AsgiExchange(wire.body)
        self._schedule.begin(trial.seed)
        if trial.leaves_after:
            self._schedule.on_completion = exchange.leaves_after(trial.leaves_after)
        try:
            await self._application(_scope(wire), exchange.receive, exchange.send)
            await _drain()
        finally:
            self._schedule.begin(None, self._schedule.completed)
        return exchange.answer()

    def _scheduled(self) -> ScheduledLoop:
        loop = self._runner.get_loop()
        assert isinstance(loop, ScheduledLoop)  # noqa: S101  # the runner's own
        return loop


async def _drain() -> None:
    """Wait for the runtime's background work; a project that has not loaded it has none."""
    if background := sys.modules.get("django_unblock.background_work"):
        await background.drain()


class _AsgiExchange:
    """One request's messages: a body in one piece, and a client that waits for all of the response, or leaves."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._gone = asyncio.Event()
        self._status = 0
        self._headers: Headers = ()
        self._chunks: list[bytes] = []

    async def receive(self) -> Message:
        if self._body is None:
            await self._gone.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", ())
            )
        elif message["type"] == "http.response.body":
            self._chunks.append(message.get("body", b""))

    def leaves_after(self, count: int) -> Callable[[int], None]:
        """What is to be called after each completed operation, for the client to leave after so many."""

        def call(completed: int) -> None:
            if completed == count:
                self._gone.set()

        return call

    def answer(self) -> Answer:
        return Answer(self._status, self._headers, b"".join(self._chunks))


class _Lifespan:
    """Starts the application, where it knows the lifespan protocol; it lives until the process is killed."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application
        self._orders: asyncio.Queue[Message] = asyncio.Queue()
        self._replies: asyncio.Queue[str] = asyncio.Queue()

    async def start(self) -> None:
        """Wait until it is up; raises RuntimeError where it says that it failed."""
        self._task = asyncio.create_task(self._live())
        await self._orders.put({"type": "lifespan.startup"})
        if await self._replies.get() == "lifespan.startup.failed":
            raise RuntimeError("the ASGI application's lifespan.startup failed")

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        try:
            await self._application(scope, self._orders.get, self._reply)
        except Exception:  # noqa: BLE001  # "an exception means unsupported", says the ASGI specification
            await self._replies.put("unsupported")

    async def _reply(self, message: Message) -> None:
        await self._replies.put(message["type"])


def _asgi_application() -> Callable[..., Any]:
    """ASGI_APPLICATION, else `application` of the asgi module beside the URLconf, else the runtime's own."""
    if named := getattr(settings, "ASGI_APPLICATION", None):
        return cast("Callable[..., Any]", import_string(named))
    package = settings.ROOT_URLCONF.rpartition(".")[0]
    module = f"{package}.asgi" if package else "asgi"
    try:
        application = import_module(module).application
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        from django_unblock.asgi import get_asgi_application

        application = get_asgi_application()
    return cast("Callable[..., Any]", application)


def _environ(wire: Wire) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": wire.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(wire.path).decode("latin-1"),
        "QUERY_STRING": wire.query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": str(PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(wire.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in wire.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


def _scope(wire: Wire) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": wire.method,
        "scheme": "http",
        "path": unquote_to_bytes(wire.path).decode(),
        "raw_path": wire.path.encode("ascii"),
        "query_string": wire.query.encode("ascii"),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in wire.headers
        ],
        "client": ("127.0.0.1", 40000),
        "server": (HOST, PORT),
        "state": {},
    }
