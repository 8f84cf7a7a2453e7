"""Attributes of the request: the user and the session, which are read when they are asked, and its own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from unblocker.survey.backends import loaded_with_user
from unblocker.survey.identities import fresh
from unblocker.survey.operations import UNKNOWN_LOCATION
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Instance,
    Method,
    Request,
    Session,
    Value,
    constant,
)

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame

_REQUEST_PARSED_ON_USE = frozenset({"POST", "FILES", "body", "data"})
_REQUEST_EXTRAS = frozenset(
    {"LANGUAGE_CODE", "csp_nonce", "htmx", "query_params", "environ", "scope"}
)
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})


def attribute(frame: Frame, node: ast.expr, receiver: Request, name: str) -> Value:
    """What `request.name` is."""
    del node
    identity = f"{receiver.identity}.{name}"
    match name:
        case "method" if frame.role is not None and frame.role.handler in _METHODS:
            return constant(frame.role.handler.upper())
        case "user":
            known = frame.role is not None and identity in frame.env.fetched
            there = known or name in receiver.fetched
            if there:
                frame.rely(identity)
            loaded = loaded_with_user(frame.world)
            model = frame.world.facts.user_model
            return Instance(model, identity, loaded, deferred=not there, stored=True)
        case "auser":
            return Method(receiver, name)
        case "session":
            if name in receiver.fetched:
                frame.env.fetched |= {identity}
            return Session(identity)
    if name in _REQUEST_PARSED_ON_USE:
        frame.opaque()
    elif not hasattr(frame.world.facts.request, name) and name not in _REQUEST_EXTRAS:
        return _own(frame, identity, name)
    return INERT


def assign(frame: Frame, name: str, value: Value) -> None:
    """`request.name = value`: views, decorators and middleware hand things on to each other so."""
    if not hasattr(frame.world.facts.request, name):
        frame.world.assign_attribute(HttpRequest, name, fresh(value, f"request.{name}"))


def _own(frame: Frame, identity: str, name: str) -> Value:
    """What the project's code puts on the request."""
    found = frame.world.known_attribute(HttpRequest, name, asker=frame.summary)
    if found is None:
        frame.touch(UNKNOWN_LOCATION)
        return UNKNOWN
    frame.opaque()
    return fresh(found, identity)
