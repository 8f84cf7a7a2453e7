"""The request that the running code works for, and its operations on their way to the journal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from threading import current_thread

from . import journal, places

type Describe = Callable[[], str]

ON_THREAD = "_unblock_request"
"""The attribute of a thread that a request has started: its context is empty."""


class Clock:
    """Seconds; in a class, where freezegun does not look for clocks to stop."""

    now = staticmethod(time.perf_counter)


@dataclass(slots=True, eq=False)
class Request:
    """A request that has begun.

    Attributes:
        began: on the `Clock`.
        ended: there is a response; what follows no longer holds it.
    """

    number: int = field(default_factory=journal.next_number)
    began: float = field(default_factory=Clock.now)
    ended: bool = False

    def since(self, moment: float) -> float:
        """Milliseconds from its beginning to that moment."""
        return round((moment - self.began) * 1000, 3)


_request: ContextVar[Request | None] = ContextVar("unblock_request", default=None)
_busy: ContextVar[bool] = ContextVar("unblock_busy", default=False)


def request_here() -> Request | None:
    """The request of this context, or the one that started this thread while it lasts."""
    request = _request.get()
    if request is None:
        request = getattr(current_thread(), ON_THREAD, None)
        return request if request is not None and not request.ended else None
    return request


def is_busy() -> bool:
    """An operation goes on, to which whatever happens here belongs."""
    return _busy.get()


def begin(method: str, entrance: str) -> tuple[Request, Token[Request | None]]:
    """A request begins in this context."""
    request = Request()
    journal.write(
        "begin", r=request.number, method=method, entrance=entrance, outside=journal.outside()
    )
    return request, _request.set(request)


def tell_view(request: Request, view: str, route: str | None) -> None:
    """It is known which view serves the request."""
    journal.write("view", r=request.number, view=view, route=route)


def end(request: Request, status: int | None, **more: object) -> None:
    """There is a response, or None: an exception came through."""
    request.ended = True
    ms = request.since(Clock.now())
    journal.write("end", r=request.number, status=status, ms=ms, **more)


def leave(token: Token[Request | None]) -> None:
    """This context works for the request no longer."""
    with suppress(ValueError):  # a coroutine that was dropped is ended in another context
        _request.reset(token)


@contextmanager
def working_for(request: Request | None) -> Iterator[None]:
    """The block works for that request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


class Operation:
    """A block that is one operation; what else happens inside it belongs to it.

    `describe` is called afterwards, and says what it was, as `journal.members`: `kind` and `label` at least. One that
    is not a `leaf` (a template) leaves what happens inside it to be recorded.
    """

    __slots__ = ("_began", "_describe", "_inside", "_leaf", "_token")

    def __init__(self, describe: Describe, *, leaf: bool = True) -> None:
        self._describe = describe
        self._leaf = leaf

    def __enter__(self) -> None:
        self._inside = _busy.get()
        self._token = _busy.set(self._inside or self._leaf)
        self._began = Clock.now()

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        ended = Clock.now()
        with suppress(ValueError):  # as above
            _busy.reset(self._token)
        if self._inside:
            return
        request = request_here()
        if request is None:
            journal.count_outside()
        else:
            record(request, self._began, ended, self._describe, failed=kind is not None)


def record(
    request: Request,
    began: float,
    ended: float,
    describe: Describe,
    *,
    failed: bool,
) -> None:
    """Write the line of an operation; one that can't be described is left out."""
    with suppress(Exception):  # the process must not notice
        rest = describe()
        if place := places.project_line():
            rest += f',{journal.members(file=place[0])},"line":{place[1]}'
        if failed:
            rest += ',"failed":true'
        at, ms = request.since(began), round((ended - began) * 1000, 3)
        journal.append(f'{{"e":"op","r":{request.number},"at":{at},"ms":{ms},{rest}}}')
