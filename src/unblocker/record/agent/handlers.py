"""Requests, at Django's handlers: outside all middleware, under every server and under the test client."""

import functools
from contextlib import suppress
from types import ModuleType
from typing import Any

from . import places, replay
from .current import Request, begin, end, leave, request_here, tell_view
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
        here, token = begin(request.method or "", _entrance(self))
        response = None
        kept = replay.listen(request)
        try:
            response = get_response(self, request)
        finally:
            _end(here, request, response, kept)
            leave(token)
        return response

    places.begins_at(recorded)
    return recorded


def _recorded_async(get_response: Any) -> Any:
    @functools.wraps(get_response)
    async def recorded(self: Any, request: Any) -> Any:
        here, token = begin(request.method or "", _entrance(self))
        response = None
        kept = replay.listen(request)
        try:
            response = await get_response(self, request)
        finally:
            _end(here, request, response, kept)
            leave(token)
        return response

    places.begins_at(recorded)
    return recorded


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


def _end(here: Request, request: Any, response: Any, kept: replay.Kept | None) -> None:
    more = {}
    if kept is not None:
        with suppress(Exception):  # the project's own session and user may be anything
            more["replay"] = kept.told(request)
    end(here, getattr(response, "status_code", None), **more)


def _entrance(handler: object) -> str:
    names = (cls.__name__ for cls in type(handler).__mro__)
    return next((ENTRANCES[name] for name in names if name in ENTRANCES), "wsgi")
