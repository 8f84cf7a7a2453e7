"""Which request the running code serves, and what waits for that request's end.

Django's `request_started` and `request_finished` signals tell, under any server and in both test
clients. Task, thread and greenlet inherit it as a context variable.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import SyncToAsync
from django.core.signals import request_finished, request_started

from django_unblock.loops import Loop, running_loop


@dataclass(eq=False, slots=True)
class Origin:
    """A request being served.

    Attributes:
        path: its method and path, for messages.
        loop: the server's event loop; None under WSGI, where any loop ends with the view.
        is_test: it was made by Django's AsyncClient.
        finishing: called, in order, when the response has been sent, until none is left.
        changes: it has begun to change something: a row, another service, work left behind.
    """

    path: str
    loop: Loop | None
    is_test: bool = False
    finishing: deque[Callable[[], None]] = field(default_factory=deque)
    changes: bool = False

    def finish(self) -> None:
        """Make the calls that waited for the response; they may add more."""
        while self.finishing:
            self.finishing.popleft()()


_READ = re.compile(
    r"[\s(]*(SELECT|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))\b", re.IGNORECASE | re.DOTALL
)
_current: ContextVar[Origin | None] = ContextVar("django_unblock_origin", default=None)


def current() -> Origin | None:
    """The request that the running code serves, or None outside of one."""
    return _current.get()


def note_change() -> None:
    """The request that the running code serves begins to change something."""
    if (request := _current.get()) is not None:
        request.changes = True


def note_statement(sql: object) -> None:
    """The same, unless the SQL statement is known only to read."""
    if not (isinstance(sql, str) and _READ.match(sql)):
        note_change()


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
