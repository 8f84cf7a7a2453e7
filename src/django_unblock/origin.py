"""Which request the running code serves, and what waits for that request's end.

Django's `request_started` and `request_finished` signals tell, under any server and in both test
clients. Task, thread and greenlet inherit it as a context variable.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import SyncToAsync
from django.core.signals import request_finished, request_started

from django_unblock.loops import running_loop

type Loop = asyncio.AbstractEventLoop


@dataclass(eq=False, slots=True)
class Origin:
    """A request being served.

    Attributes:
        path: its method and path, for messages.
        loop: the server's event loop; None under WSGI, where any loop ends with the view.
        is_test: it was made by Django's AsyncClient.
        finishing: called, in order, when the response has been sent, until none is left.
    """

    path: str
    loop: Loop | None
    is_test: bool = False
    finishing: deque[Callable[[], None]] = field(default_factory=deque)

    def finish(self) -> None:
        """Make the calls that waited for the response; they may add more."""
        while self.finishing:
            self.finishing.popleft()()


_current: ContextVar[Origin | None] = ContextVar("django_unblock_origin", default=None)


def current() -> Origin | None:
    """The request that the running code serves, or None outside of one."""
    return _current.get()


def _started(
    sender: Any,
    environ: Mapping[str, Any] | None = None,
    scope: Mapping[str, Any] | None = None,
    **_: Any,
) -> None:
    if environ is not None:
        _current.set(Origin(f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}", None))
    elif scope is not None:
        path = f"{scope.get('method', 'GET')} {scope['path']}"
        is_test = getattr(sender, "__name__", "") == "AsyncClientHandler"
        _current.set(Origin(path, _server_loop(), is_test))


def _finished(**_: Any) -> None:
    origin = _current.get()
    if origin is not None:
        origin.finish()
        _current.set(None)


def _server_loop() -> Loop | None:
    # Stock Django calls receivers in a thread.
    return running_loop() or getattr(SyncToAsync.threadlocal, "main_event_loop", None)


request_started.connect(_started, dispatch_uid="django_unblock.origin")
request_finished.connect(_finished, dispatch_uid="django_unblock.origin")
