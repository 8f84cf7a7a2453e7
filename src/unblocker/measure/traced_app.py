"""The app with its I/O watched, as a server serves it: factories `wsgi` and `asgi`.

The real application is named by UNBLOCK_TRACE_TARGET. A request whose header `X-Unblock-Trace`
gives it a name is traced into the file UNBLOCK_TRACE_FILE; any other passes untouched.
"""

import os
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any

from unblocker.measure import instruments
from unblocker.measure.instruments import Trace
from unblocker.measure.timelines import FILE, HEADER, TARGET

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type StartResponse = Callable[..., Any]
type Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
type Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


def wsgi() -> Wsgi:
    """The WSGI application, watched."""
    application = _load()

    def watched(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        trace = _trace(environ.get("HTTP_" + HEADER.upper().replace("-", "_")))
        instruments.begin(trace)
        statuses: list[int] = []

        def start(status: str, *rest: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, *rest)

        answer = application(environ, start)
        try:
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
            if trace:
                trace.answered(statuses[-1])

    return watched


def asgi() -> Asgi:
    """The ASGI application, watched."""
    application = _load()

    async def watched(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        trace = _trace(dict(scope["headers"]).get(HEADER.lower().encode(), b"").decode())
        instruments.begin(trace)
        status = 0

        async def watched_send(message: Message) -> None:
            nonlocal status
            await send(message)
            status = message.get("status", status)
            if trace and message["type"] == "http.response.body" and not message.get("more_body"):
                trace.answered(status)

        await application(scope, receive, watched_send)

    return watched


def _load() -> Any:
    module, _, attribute = os.environ[TARGET].partition(":")
    return getattr(import_module(module), attribute)


def _trace(name: str | None) -> Trace | None:
    return Trace(name, Path(os.environ[FILE])) if name else None
