"""Requests, at Django's handlers: outside all middleware, under every server and under the test client."""

import functools
from contextlib import suppress
from types import ModuleType
from typing import Any, Self

from . import places, replay
from .current import begin, end, leave, request_here, tell_view
from .names import view_name

ENTRANCES = {
    "ClientHandler": "test client",
    "AsyncClientHandler": "test client",
    "ASGIHandler": "asgi",
}
"""By the names of a handler's classes; any other is WSGI's."""


def watch(base: ModuleType) -> None:
    """Put the recorder around a handler's three steps: the request, its async form, and finding the view."""
    handler = base.BaseHandler
    handler.get_response = _recorded(handler.get_response)
    handler.get_response_async = _recorded_async(handler.get_response_async)
    handler.resolve_request = _noting_view(handler.resolve_request)


def _recorded(get_response: Any) -> Any:
    @functools.wraps(get_response)
    def recorded(self: Any, request: Any) -> Any:
        with _Answering(self, request) as answering:
            answering.response = get_response(self, request)
        return answering.response

    places.begins_at(recorded)
    return recorded


def _recorded_async(get_response: Any) -> Any:
    @functools.wraps(get_response)
    async def recorded(self: Any, request: Any) -> Any:
        with _Answering(self, request) as answering:
            answering.response = await get_response(self, request)
        return answering.response

    places.begins_at(recorded)
    return recorded


class _Answering:
    """A request that a handler answers, from its beginning to its end; `response` stays None where it raises."""

    def __init__(self, handler: object, request: Any) -> None:
        self._request = request
        self._here, self._token = begin(request.method or "", _entrance(handler))
        self._kept = replay.listen(request)
        self.response: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        more = {}
        if self._kept is not None:
            with suppress(Exception):  # the project's own session and user may be anything
                more["replay"] = self._kept.told(self._request)
        end(self._here, getattr(self.response, "status_code", None), **more)
        leave(self._token)


def _noting_view(resolve_request: Any) -> Any:
    @functools.wraps(resolve_request)
    def noting(self: Any, request: Any) -> Any:
        match = resolve_request(self, request)
        here = request_here()
        if here is not None:
            with suppress(Exception):  # a callable may be anything
                tell_view(here, view_name(match.func, request.method or ""), match.route)
        return match

    return noting


def _entrance(handler: object) -> str:
    names = (cls.__name__ for cls in type(handler).__mro__)
    return next((ENTRANCES[name] for name in names if name in ENTRANCES), "wsgi")
