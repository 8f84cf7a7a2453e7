"""Reading a property of the project's: its getter is called, of a cached one only where it has not been read before."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property

from unblocker.survey.project_calls import invoke
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Instance, Object, Value

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame

type Property = property | functools.cached_property[Any] | cached_property[Any]

PROPERTIES = (property, functools.cached_property, cached_property)
_NO_ARGUMENTS = Arguments((), {}, open=False)


def read_property(
    frame: Frame, node: ast.expr, receiver: Value, found: Property, name: str
) -> Value:
    """What the getter returns; what it does is put on record at `node`, unless the value is there already."""
    if isinstance(found, property):
        return _call(frame, node, receiver, found.fget)
    if not frame.world.owns(found.func):
        frame.opaque()
        return INERT
    path = _path(receiver, name)
    if path and (_is_handed_on(receiver, name) or frame.is_fetched(path)):
        with frame.unseen():
            return _call(frame, node, receiver, found.func)
    before = len(frame.record.operations)
    value = _call(frame, node, receiver, found.func)
    if path and len(frame.record.operations) > before:
        frame.fetch(path)
    return value


def _call(frame: Frame, node: ast.expr, receiver: Value, getter: object) -> Value:
    frame.opaque()
    if getter is None:
        return UNKNOWN
    if not frame.world.follows(getter, receiver):
        return INERT
    return invoke(frame, node, getter, _NO_ARGUMENTS, receiver=receiver, implicit=True)


def _path(receiver: Value, name: str) -> str:
    """What names the value in its function; empty where the object has no name there."""
    identity = receiver.identity if isinstance(receiver, Instance | Object) else ""
    return f"{identity}.{name}" if identity else ""


def _is_handed_on(receiver: Value, name: str) -> bool:
    """Whether the caller has read it on the object before."""
    match receiver:
        case Instance(loaded=there) | Object(fetched=there):
            return name in there
        case _:
            return False
