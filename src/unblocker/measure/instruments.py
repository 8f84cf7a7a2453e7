"""Watches the I/O of traced requests from inside the app's process, without a change to its code.

`CALLS` is the whole list of what is wrapped. SQL is seen at the cursor, below Django's own
`execute_wrapper`s: those sit on connection objects, of which a pool hands out many. Only in a
process that serves `traced_app`; nothing of it is there under load.
"""

import functools
import inspect
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from unblocker.measure.sql import main_table, shorten
from unblocker.measure.timelines import CONNECT, Event
from unblocker.records.measurement import SpanKind


class Trace:
    """One traced request: writes what happens in it to the file, each event as it comes."""

    def __init__(self, name: str, file: Path) -> None:
        self._name = name
        self._file = file
        self._began = time.perf_counter()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    @contextmanager
    def span(self, kind: SpanKind, label: "Label") -> Iterator[None]:
        """Note when the block begins and ends, and whether it raised."""
        number = next(self._numbers)
        self._write(Event(self._name, self._now(), number, "begin", kind, *label))
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


class Label(NamedTuple):
    """How a span is told: a text, and for SQL the main table."""

    text: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A method that talks to another machine; `label` gets its arguments, the instance first."""

    module: str
    owner: str
    method: str
    kind: SpanKind
    label: Callable[..., Label]


def _sql(_cursor: object, sql: object, *_: object, **__: object) -> Label:
    text = str(sql)
    return Label(shorten(text), main_table(text))


def _named(name: str) -> Callable[..., Label]:
    return lambda *_, **__: Label(name)


def _request(_client: object, request: Any, *_: object, **__: object) -> Label:
    return Label(f"{request.method} {request.url}")


def _url(_opener: object, url: Any, *_: object, **__: object) -> Label:
    return Label(f"{url.get_method()} {url.full_url}" if hasattr(url, "full_url") else f"GET {url}")


def _recipients(_smtp: object, _sender: str, to: Any, *_: object, **__: object) -> Label:
    return Label(f"mail to {to if isinstance(to, str) else ', '.join(to)}")


_CURSOR = ("django.db.backends.utils", "CursorWrapper")
_CONNECTION = ("django.db.backends.base.base", "BaseDatabaseWrapper")
CALLS = (
    Call(*_CURSOR, "_execute", "sql", _sql),
    Call(*_CURSOR, "_executemany", "sql", _sql),
    Call(*_CONNECTION, "connect", "sql", _named(CONNECT)),
    Call("django_unblock.db.postgresql.pool", "Pool", "get", "sql", _named(CONNECT)),
    Call(*_CONNECTION, "_commit", "sql", _named("COMMIT")),
    Call(*_CONNECTION, "_rollback", "sql", _named("ROLLBACK")),
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
            with _span(call, *args, **kwargs):
                return await method(*args, **kwargs)

        return watched_async

    @functools.wraps(method)
    def watched(*args: Any, **kwargs: Any) -> Any:
        with _span(call, *args, **kwargs):
            return method(*args, **kwargs)

    return watched


def _span(call: Call, *args: object, **kwargs: object) -> AbstractContextManager[None]:
    """A span of the request that this code works for; nothing where it is not traced."""
    trace = _own.get() or _latest
    return trace.span(call.kind, call.label(*args, **kwargs)) if trace else nullcontext()
