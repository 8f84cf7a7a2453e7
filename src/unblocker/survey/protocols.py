"""What Python calls of an object's class where code only uses it: `for`, `len()`, `if`, `in`, `[…]`, `str()`."""

from __future__ import annotations

import ast
import types
from typing import TYPE_CHECKING

from unblocker.survey.identities import fresh
from unblocker.survey.looking import static_attribute
from unblocker.survey.project_calls import invoke_method
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Object, Value, constant

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame

_LOOKS_UP = "__getattr__"
_NOTHING = Arguments((), {}, open=False)


def iterate(frame: Frame, node: ast.expr, holder: Object) -> Value:
    """`for … in holder`: what the loop variable holds. Its own `__iter__`, or else `__getitem__` until that fails."""
    from unblocker.survey.effects import elements

    frame.opaque()
    if is_own(frame, holder, "__iter__"):
        iterator = _call(frame, node, holder, "__iter__", _NOTHING)
        if not isinstance(iterator, Object):
            return elements(frame, node, iterator)
        return _call(frame, node, iterator, "__next__", _NOTHING)
    if is_own(frame, holder, "__getitem__"):
        return item(frame, node, holder, INERT)
    return UNKNOWN


def item(frame: Frame, node: ast.expr, holder: Object, key: Value) -> Value:
    """`holder[key]`."""
    found = _call(frame, node, holder, "__getitem__", Arguments((key,), {}, open=False))
    return fresh(found, frame.identity(node))


def length(frame: Frame, node: ast.expr, holder: Object) -> None:
    """`len(holder)`."""
    _call(frame, node, holder, "__len__", _NOTHING)


def truth(frame: Frame, node: ast.expr, holder: Object) -> None:
    """`if holder`: its own `__bool__`, or else its `__len__`; an object that has neither is true."""
    name = next((one for one in ("__bool__", "__len__") if is_own(frame, holder, one)), None)
    if name is not None:
        _call(frame, node, holder, name, _NOTHING)


def contains(frame: Frame, node: ast.expr, holder: Object) -> None:
    """`… in holder`: its own `__contains__`, or else it is gone through."""
    if is_own(frame, holder, "__contains__"):
        _call(frame, node, holder, "__contains__", Arguments((INERT,), {}, open=False))
    else:
        iterate(frame, node, holder)


def text(frame: Frame, node: ast.expr, holder: Object) -> None:
    """`str(holder)`: its own `__str__`, or else its `__repr__`."""
    name = next((one for one in ("__str__", "__repr__") if is_own(frame, holder, one)), None)
    if name is not None:
        _call(frame, node, holder, name, _NOTHING)


def answers(frame: Frame, cls: type) -> bool:
    """Whether the project's own `__getattr__` answers for attributes that the class does not have."""
    found = static_attribute(cls, _LOOKS_UP)
    return isinstance(found, types.FunctionType) and frame.world.owns(found)


def missing(frame: Frame, node: ast.expr, holder: Value, cls: type, name: str) -> Value:
    """`holder.name`, where only its `__getattr__` knows it."""
    given = Arguments((constant(name),), {}, open=False)
    found = static_attribute(cls, _LOOKS_UP)
    return invoke_method(frame, node, found, given, holder, implicit=True)


def is_own(frame: Frame, holder: Object, name: str) -> bool:
    """Whether the project's own code answers this for the object's class."""
    found = static_attribute(holder.cls, name)
    return isinstance(found, types.FunctionType) and frame.world.owns(found)


def _call(frame: Frame, node: ast.expr, holder: Object, name: str, given: Arguments) -> Value:
    if not is_own(frame, holder, name):
        frame.opaque()
        return UNKNOWN
    found = static_attribute(holder.cls, name)
    asked = ast.copy_location(ast.Attribute(node, name, ast.Load()), node)
    return invoke_method(frame, asked, found, given, holder, implicit=True)
