"""What stands in the attributes of an object of the project's own class: what its initializer left there, and others.

An object keeps what was left in it when it was made, so that two of a class are told apart. What any method assigns
afterwards counts for all objects of the class that were made with the same kinds of things.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey.identities import fresh
from unblocker.survey.joining import join, join_all
from unblocker.survey.values import NEVER, Object, Value
from unblocker.survey.variants import held

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unblocker.survey.frame import Frame

_INITIALIZER = "__init__"
_UNKNOWN_KIND = ()


def attribute(frame: Frame, receiver: Object, name: str) -> Value | None:
    """What the attribute of an object holds; None where nobody was seen to assign it."""
    world, cls, asker = frame.world, receiver.cls, frame.summary
    left = receiver.held(name)
    if left is None:
        return world.known_attribute(cls, name)
    kinds = {held(receiver), _UNKNOWN_KIND}
    later = (world.known_attribute(cls, name, kind, asker) for kind in kinds)
    return join_all([left, *(value for value in later if value is not None)])


def assign(frame: Frame, node: ast.expr, holder: Object, name: str, value: Value) -> None:
    """`node.name = value`, where `node` is `holder`."""
    cls = holder.cls
    kept = fresh(value, f"{cls.__qualname__}.{name}")
    frame.world.assign_attribute(cls, name, kept)
    if not _is_self(frame, node):
        frame.world.assign_attribute(cls, name, kept, held(holder))
        return
    keep(frame, name, value)
    if not _initializes(frame):
        frame.world.assign_attribute(cls, name, kept, held(holder))


def keep(frame: Frame, name: str, value: Value) -> None:
    """The object whose method is being read holds `value` now."""
    own = frame.parameters[0]
    here = frame.value(own)
    if not isinstance(here, Object):
        return
    assigned = frame.outcome.assigned
    assigned[name] = join(assigned.get(name, NEVER), value)
    if _initializes(frame):
        state = {**dict(here.state), name: value}
        frame.env.values[own] = replace(here, state=tuple(sorted(state.items(), key=_by_name)))


def taken_over(frame: Frame, receiver: Value | None, assigned: Mapping[str, Value]) -> None:
    """A method that this one calls on its own object has assigned these."""
    first = frame.parameters[0] if frame.parameters else ""
    if assigned and isinstance(receiver, Object) and receiver == frame.value(first):
        for name, value in assigned.items():
            keep(frame, name, value)


def left_behind(frame: Frame) -> dict[str, Value]:
    """What an initializer leaves in its object's attributes on every way out; of another method, what it assigns."""
    if not _initializes(frame):
        return frame.outcome.assigned
    own = frame.parameters[0]
    ways = frame.exits if frame.env.ended else [*frame.exits, frame.env]
    there = join_all([way.values.get(own, NEVER) for way in ways])
    return dict(there.state) if isinstance(there, Object) else {}


def made(new: Value, state: Mapping[str, Value]) -> Value:
    """What a call of a class gives: the new object, which holds what its initializer left in it."""
    if not isinstance(new, Object) or new.role is not None:
        return new
    return replace(new, state=tuple(sorted(state.items(), key=_by_name)))


def known_as(value: Value, given: Mapping[str, Value]) -> Value:
    """What a method assigned, as its caller knows it: an argument is the very object that was given."""
    if isinstance(value, Object):
        held_here = tuple((name, known_as(item, given)) for name, item in value.state)
        return replace(value, state=held_here)
    name, _, path = str(getattr(value, "identity", "")).partition(".")
    found = given.get(name)
    if isinstance(found, Object):
        found, path = behind(found, path)
    return value if found is None or path else found


def behind(holder: Object, path: str) -> tuple[Value, str]:
    """What is reached from an object along a path as far as its attributes are known, and the rest of the path."""
    found: Value = holder
    while path and isinstance(found, Object):
        name, _, rest = path.partition(".")
        inner = found.held(name)
        if inner is None:
            break
        found, path = inner, rest
    return found, path


def _by_name(item: tuple[str, Value]) -> str:
    return item[0]


def _is_self(frame: Frame, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and bool(frame.parameters) and node.id == frame.parameters[0]


def _initializes(frame: Frame) -> bool:
    return frame.summary is not None and frame.summary.code.node.name == _INITIALIZER
