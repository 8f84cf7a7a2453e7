"""Which way a library's code goes, where a view's class attributes settle it: `if self.queryset is None`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django.db.models import QuerySet as DjangoQuerySet

from unblocker.survey.values import (
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Method,
    Object,
    QuerySet,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame


def decided(frame: Frame, node: ast.expr) -> bool | None:
    """Whether the condition holds, of every request; None where that is not known.

    What the project's own code tests is never decided: each of its statements is told.
    """
    if not frame.is_library:
        return None
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = decided(frame, operand)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            return _together(frame, values, is_and=isinstance(op, ast.And))
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[other]):
            if not (isinstance(other, ast.Constant) and other.value is None):
                return _truth(_settled(frame, node))
            is_none = _is_none(_settled(frame, left))
            return None if is_none is None else is_none == isinstance(op, ast.Is)
        case ast.Call(func=ast.Name(id="isinstance"), args=[tested, _]):
            return _is_instance(frame, tested, node)
        case ast.Call(func=ast.Name(id="hasattr"), args=[tested, ast.Constant(value=str(name))]):
            return _has(_value(frame, tested), name)
        case ast.Name() | ast.Attribute() | ast.Constant() | ast.Compare():
            return _truth(_settled(frame, node))
        case _:
            return None


def _together(frame: Frame, values: list[ast.expr], *, is_and: bool) -> bool | None:
    found = [decided(frame, value) for value in values]
    if any(one is (not is_and) for one in found):
        return not is_and
    return None if None in found else is_and


def _value(frame: Frame, node: ast.expr) -> Value | None:
    from unblocker.survey.expressions import evaluate

    with frame.unseen():
        return evaluate(frame, node)


def _settled(frame: Frame, node: ast.expr) -> Value | None:
    """The value, where it is the same whenever the code runs: a constant, or an attribute of the class."""
    found = _value(frame, node)
    if isinstance(found, Inert):
        return found if found.known or found.prefix else None
    if isinstance(found, Items):
        return found
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            holder = frame.value(name)
            if isinstance(holder, Object) and holder.role is not None:
                assigned = frame.world.known_attribute(holder.cls, attribute, holder.role)
                return found if assigned is None else None
    return None


def _is_none(value: Value | None) -> bool | None:
    match value:
        case Inert(known=True, constant=constant):
            return constant is None
        case Live() | QuerySet() | Manager() | Method() | Items():
            return False
        case _:
            return None


def _truth(value: Value | None) -> bool | None:
    match value:
        case Inert(known=True, constant=constant):
            return bool(constant)
        case Inert(prefix=prefix) if prefix:
            return True
        case Live(target=type()) | Method() | Manager():
            return True
        case Items(parts=tuple(parts)):
            return bool(parts)
        case _:
            return None


def _is_instance(frame: Frame, tested: ast.expr, node: ast.Call) -> bool | None:
    value, wanted = _value(frame, tested), _value(frame, node.args[1])
    listed = wanted.parts or () if isinstance(wanted, Items) else (wanted,)
    classes = [
        one.target for one in listed if isinstance(one, Live) and isinstance(one.target, type)
    ]
    match value:
        case Instance(model=model):
            return True if any(issubclass(model, cls) for cls in classes) else None
        case QuerySet():
            return True if DjangoQuerySet in classes else None
        case Inert(known=True, constant=constant) if len(classes) == len(listed):
            return isinstance(constant, tuple(classes))
        case _:
            return None


def _has(value: Value | None, name: str) -> bool | None:
    match value:
        case QuerySet(cls=cls) | Manager(cls=cls) | Object(cls=cls):
            return True if hasattr(cls, name) or name == "model" else None
        case Instance(model=model):
            return True if hasattr(model, name) else None
        case _:
            return None
