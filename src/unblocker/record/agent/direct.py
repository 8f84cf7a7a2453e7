"""Views that tests call directly, with a request of a `RequestFactory`.

No handler sees such a call. The interpreter's own monitoring tells when a view's code starts and returns, so that
nothing is put around the view.
"""

import functools
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import CodeType, FrameType, ModuleType
from typing import Any

from .current import Request, begin, end, leave, request_here, tell_view
from .names import class_view_name, plain_function, view_name

TOOL_IDS = (4, 3)
"""Those that no debugger, profiler or coverage tool claims by custom."""

EVENTS = sys.monitoring.events


@dataclass(slots=True)
class Called:
    """A view that is being called directly."""

    frame: FrameType
    request: Request
    token: Token[Request | None]


_called: ContextVar[Called | None] = ContextVar("unblock_called", default=None)
_views: dict[CodeType, tuple[Any, str]] = {}
_walked: set[str] = set()
_tool: int | None = None


def watch(client: ModuleType) -> None:
    """From the first request that a factory makes, follow the views of the URLconf."""
    for factory in (client.RequestFactory, client.AsyncRequestFactory):
        factory.request = _following(factory.request)


def _following(make: Any) -> Any:
    @functools.wraps(make)
    def made(self: Any, **request: Any) -> Any:
        with suppress(Exception):  # the URLconf may be broken; the test will tell
            follow_views()
        return make(self, **request)

    return made


def follow_views() -> None:
    """Follow every view of the URLconf that the settings name, once."""
    from django.conf import settings
    from django.urls import get_resolver

    name = str(settings.ROOT_URLCONF)
    if name in _walked or not _claim_tool():
        return
    _walked.add(name)
    for callback, route in _endpoints(get_resolver(), ""):
        function = plain_function(callback)
        if function is not None and function.__code__ not in _views:
            _views[function.__code__] = callback, route
            sys.monitoring.set_local_events(
                _tool or 0, function.__code__, EVENTS.PY_START | EVENTS.PY_RETURN
            )


def _claim_tool() -> bool:
    global _tool  # noqa: PLW0603  # claimed once per process
    if _tool is None:
        _tool = next((one for one in TOOL_IDS if sys.monitoring.get_tool(one) is None), None)
        if _tool is not None:
            sys.monitoring.use_tool_id(_tool, "django-unblock")
            sys.monitoring.register_callback(_tool, EVENTS.PY_START, _started)
            sys.monitoring.register_callback(_tool, EVENTS.PY_RETURN, _returned)
            sys.monitoring.register_callback(_tool, EVENTS.PY_UNWIND, _unwound)
            sys.monitoring.set_events(_tool, EVENTS.PY_UNWIND)
    return _tool is not None


def _endpoints(resolver: Any, prefix: str) -> Iterator[tuple[Any, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _endpoints(pattern, route)
        else:
            yield pattern.callback, route


def _started(code: CodeType, _offset: int) -> None:
    if request_here() is None:
        with suppress(Exception):  # it would come up in the view
            _begin(code, sys._getframe(1))


def _begin(code: CodeType, frame: FrameType) -> None:
    from django.http import HttpRequest

    # By the type alone: `isinstance` would wake a lazy object.
    given = (one for one in frame.f_locals.values() if issubclass(type(one), HttpRequest))
    request = next(given, None)
    if request is None:
        return
    method = request.method or ""
    here, token = begin(method, "direct call")
    tell_view(here, *_named(code, frame.f_locals, method))
    _called.set(Called(frame, here, token))


def _named(code: CodeType, held: Mapping[str, Any], method: str) -> tuple[str, str | None]:
    """The view and its route; what `as_view()` returns, and a dispatch, is the same code for many classes."""
    if code.co_qualname.endswith(".as_view.<locals>.view"):
        return class_view_name(held["cls"], held.get("actions"), method), None
    if code.co_name == "dispatch" and "self" in held:
        view = held["self"]
        return class_view_name(type(view), getattr(view, "action_map", None), method), None
    callback, route = _views[code]
    return view_name(callback, method), route


def _returned(_code: CodeType, _offset: int, response: object) -> None:
    _ended(sys._getframe(1), response)


def _unwound(code: CodeType, _offset: int, _error: BaseException) -> None:
    if code in _views:
        _ended(sys._getframe(1), None)


def _ended(frame: FrameType, response: object) -> None:
    called = _called.get()
    if called is not None and called.frame is frame:
        _called.set(None)
        leave(called.token)
        with suppress(Exception):  # a view may return anything
            end(called.request, getattr(response, "status_code", None))
