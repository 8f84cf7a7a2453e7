"""Watches the I/O of traced requests from inside the app's process, without a change to its code.

SQL is seen through Django's own `execute_wrapper`s, put on every connection when it is made. What
has no such hook is wrapped: `CALLS` is the whole list. Only in a process that serves `traced_app`,
and only while a traced request is under way; nothing of it is there under load.
"""

import contextlib
import functools
import inspect
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.db import connections
from django.db.backends.signals import connection_created

from unblocker.measure.sql import main_table, shorten
from unblocker.measure.timelines import Event
from unblocker.records.measurement import SpanKind


class Trace:
    """One traced request: writes what happens in it to the file, each event as it comes."""

    def __init__(self, name: str, file: Path) -> None:
        self._name = name
        self._file = file
        self._began = time.perf_counter()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def span(self, kind: SpanKind, label: str, table: str = "") -> Iterator[None]:
        """Note when the block begins and ends, and whether it raised."""
        number = next(self._numbers)
        self._write(Event(self._name, self._now(), number, "begin", kind, label, table))
        try:
            yield
        except BaseException:
            self._write(Event(self._name, self._now(), number, "failed"))
            raise
        self._write(Event(self._name, self._now(), number, "end"))

    def answered(self, status: int) -> None:
        """Note that the last of the answer was handed to the server."""
        self._write(Event(self._name, self._now(), 0, "answered", status=status))

    def _now(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 3)

    def _write(self, event: Event) -> None:
        with self._lock, self._file.open("ab") as file:
            file.write(msgspec.json.encode(event) + b"\n")


_own: ContextVar[Trace | None] = ContextVar("unblock_trace", default=None)
_latest: Trace | None = None


def begin(trace: Trace | None) -> None:
    """From here on, in this context and those made from it, I/O belongs to the trace.

    One request at a time is traced, so what runs without a context of its own (a thread of a pool)
    belongs to the request that began last.
    """
    global _latest  # noqa: PLW0603  # see above
    _own.set(trace)
    _latest = trace
    if trace:
        _wrap_loaded()


def span(kind: SpanKind, label: str, table: str = "") -> contextlib.AbstractContextManager[None]:
    """A span of the request that this code works for; nothing where it is not traced."""
    trace = _own.get() or _latest
    return trace.span(kind, label, table) if trace else contextlib.nullcontext()


def watch_databases() -> None:
    """Put our execute wrapper on every connection, those there are and those to come."""
    connection_created.connect(_watch_connection, dispatch_uid="unblock-trace")
    for connection in connections.all(initialized_only=True):
        _watch_connection(connection=connection)


def _watch_connection(*, connection: Any, **_: object) -> None:
    if _execute not in connection.execute_wrappers:
        connection.execute_wrappers.append(_execute)


def _execute(
    execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, Any]
) -> object:
    text = str(sql)
    with span("sql", shorten(text), main_table(text)):
        return execute(sql, params, many, context)


@dataclass(frozen=True, slots=True)
class Call:
    """A method that talks to another machine; `label` gets its arguments, the instance first."""

    module: str
    owner: str
    method: str
    kind: SpanKind
    label: Callable[..., str]


def _request(_client: object, request: Any, *_: object, **__: object) -> str:
    return f"{request.method} {request.url}"


def _url(_opener: object, url: Any, *_: object, **__: object) -> str:
    return f"{url.get_method()} {url.full_url}" if hasattr(url, "full_url") else f"GET {url}"


def _recipients(_smtp: object, _sender: str, to: Any, *_: object, **__: object) -> str:
    return f"mail to {to if isinstance(to, str) else ', '.join(to)}"


CALLS = (
    Call(
        "django.db.backends.base.base",
        "BaseDatabaseWrapper",
        "connect",
        "sql",
        lambda *_: "connect",
    ),
    Call(
        "django.db.backends.base.base", "BaseDatabaseWrapper", "_commit", "sql", lambda *_: "COMMIT"
    ),
    Call(
        "django.db.backends.base.base",
        "BaseDatabaseWrapper",
        "_rollback",
        "sql",
        lambda *_: "ROLLBACK",
    ),
    Call("requests.adapters", "HTTPAdapter", "send", "http", _request),
    Call("httpx", "HTTPTransport", "handle_request", "http", _request),
    Call("httpx", "AsyncHTTPTransport", "handle_async_request", "http", _request),
    Call("urllib.request", "OpenerDirector", "open", "http", _url),
    Call("smtplib", "SMTP", "sendmail", "mail", _recipients),
    Call("botocore.httpsession", "URLLib3Session", "send", "s3", _request),
)
_wrapped: set[Call] = set()


def _wrap_loaded() -> None:
    """Wrap what the app has imported by now; what it hasn't, it doesn't use yet."""
    for call in CALLS:
        if call.module in sys.modules and call not in _wrapped:
            _wrapped.add(call)
            owner = getattr(sys.modules[call.module], call.owner)
            setattr(owner, call.method, _watched(getattr(owner, call.method), call))


def _watched(method: Callable[..., Any], call: Call) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def watched_async(*args: Any, **kwargs: Any) -> Any:
            with span(call.kind, call.label(*args, **kwargs)):
                return await method(*args, **kwargs)

        return watched_async

    @functools.wraps(method)
    def watched(*args: Any, **kwargs: Any) -> Any:
        with span(call.kind, call.label(*args, **kwargs)):
            return method(*args, **kwargs)

    return watched
