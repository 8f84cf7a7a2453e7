"""Operators, comparisons and conversion to text, on values."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey import effects, protocols
from unblocker.survey.choosing import each, is_choice, possible
from unblocker.survey.effects import elements, present
from unblocker.survey.joining import join
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import operation
from unblocker.survey.paths import joined
from unblocker.survey.project_calls import invoke
from unblocker.survey.querysets import Arguments
from unblocker.survey.sessions import load_session
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Expression,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Never,
    Object,
    Page,
    QuerySet,
    Session,
    Value,
    constant,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame

_NO_ARGUMENTS = Arguments((), {}, open=False)


def text_of(frame: Frame, node: ast.expr, value: Value) -> None:
    """`str(value)`: a model's own `__str__` may query."""
    frame.opaque()
    match value:
        case Instance():
            there = present(frame, node, value)
            method = static_attribute(there.model, "__str__")
            if frame.world.owns(method):
                invoke(frame, node, method, _NO_ARGUMENTS, receiver=there, implicit=True)
        case QuerySet():
            _show_rows(frame, node, value)
        case Page(items=QuerySet()):
            elements(frame, node, value)
        case Object(cls=cls) if frame.world.owns(cls):
            protocols.text(frame, node, value)
        case _ if is_choice(value):
            each(frame, possible(value), lambda one: _shown(frame, node, one))


def _shown(frame: Frame, node: ast.expr, value: Value) -> Value:
    text_of(frame, node, value)
    return value


def _show_rows(frame: Frame, node: ast.expr, value: QuerySet) -> None:
    """A queryset's text is made of its first rows, which are read for that alone."""
    if value.evaluated or frame.is_fetched(value.identity):
        return
    label = f"text of {value.model.__name__}"
    found = operation("django_orm.iterate", "query", label, reads=value.tables, implicit=True)
    frame.operate(node, found)


def _is_among(value: Value, items: Value) -> bool | None:
    """Whether a constant is among those of a list, or may be a key of a dictionary; None where that is not known."""
    if not (isinstance(value, Inert) and value.known):
        return None
    if isinstance(items, Mapping) and isinstance(items.rest, Never):
        return None if any(key == value.constant for key, _ in items.entries) else False
    if not isinstance(items, Items):
        return None
    parts = items.parts
    if parts is None or not all(isinstance(part, Inert) and part.known for part in parts):
        return None
    return any(isinstance(part, Inert) and part.constant == value.constant for part in parts)


def known_truth(value: Value) -> bool | None:
    """Whether it is true or false, where that is known for sure."""
    if not isinstance(value, Inert):
        return None
    if value.known:
        return bool(value.constant)
    return True if value.prefix else None


def combine(frame: Frame, node: ast.BinOp, left: Value, right: Value) -> Value:
    """`left op right`."""
    lazy = _combine_lazily(frame, node, left, right)
    if lazy is not None:
        return lazy
    frame.opaque()
    folded = _folded(node.op, left, right) if isinstance(left, Inert) else None
    if folded is not None:
        return folded
    match left, right:
        case (Never(), _) | (_, Never()):
            return NEVER
        case (Items(), Items()) | (Mapping(), Mapping()):
            return join(left, right)
        case (Inert(), Items()):
            return right
        case (Items(), Inert()):
            return left
        case (Object(), _) | (_, Object()):
            return joined(left, right) or UNKNOWN
        case (Inert(), _):
            return _combine_data(frame, node, left, right)
        case _:
            return UNKNOWN


def _combine_lazily(frame: Frame, node: ast.BinOp, left: Value, right: Value) -> Value | None:
    """Query expressions and querysets: nothing is run yet."""
    match left, right:
        case Expression(), Expression():
            return join(left, right)
        case Expression(), _:
            return left
        case _, Expression():
            return right
        case QuerySet(), QuerySet():
            tables = left.tables | right.tables
            return replace(left, identity=frame.identity(node), tables=tables, evaluated=False)
    return None


def _combine_data(frame: Frame, node: ast.BinOp, left: Inert, right: Value) -> Inert:
    if isinstance(node.op, ast.Mod) and left.prefix:
        parts = [value for _, value in right.entries] if isinstance(right, Mapping) else [right]
        for part in parts:
            text_of(frame, node.right, part)
        return Inert(prefix=left.prefix.partition("%")[0])
    if isinstance(node.op, ast.Add) and isinstance(right, Inert):
        whole = left.known and isinstance(left.constant, str)
        return Inert(prefix=left.prefix + right.prefix if whole else left.prefix)
    if isinstance(right, Instance):
        present(frame, node.right, right)
    return INERT


def _folded(op: ast.operator, left: Inert, right: Value) -> Inert | None:
    """Two constant texts put together, or one filled in."""
    if not (left.known and isinstance(left.constant, str)):
        return None
    parts = right.parts if isinstance(right, Items) else (right,)
    if parts is None or not all(isinstance(part, Inert) and part.known for part in parts):
        return None
    values = tuple(part.constant for part in parts if isinstance(part, Inert))
    if isinstance(op, ast.Mod):
        try:
            return constant(left.constant % values)
        except (TypeError, ValueError):
            return None
    if isinstance(op, ast.Add) and isinstance(right, Inert) and isinstance(right.constant, str):
        return constant(left.constant + right.constant)
    return None


def either(op: ast.boolop, left: Value, right: Value) -> Value:
    """`left or right`, `left and right`."""
    if isinstance(op, ast.Or) and isinstance(left, Instance):
        left = replace(left, nullable=False)
    return join(left, right)


def settles(op: ast.boolop, before: list[ast.expr], found: Value, value: Value) -> bool:
    """`not x and False`, `a == b or True`: whichever of the two it is, it is the second."""
    is_bool = found == INERT and all(_is_question(one) for one in before)
    known = isinstance(value, Inert) and value.known and isinstance(value.constant, bool)
    return is_bool and known and known_truth(value) is isinstance(op, ast.Or)


def _is_question(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def compare(
    frame: Frame, op: ast.cmpop, left: tuple[ast.expr, Value], right: tuple[ast.expr, Value]
) -> Inert:
    """Compare two values, each with the expression that gave it."""
    match op:
        case ast.Is() | ast.IsNot():
            pass
        case ast.In() | ast.NotIn():
            _search(frame, *right)
        case ast.Eq() | ast.NotEq():
            _look_at(frame, *left)
            _look_at(frame, *right)
        case _:
            frame.opaque()
            _look_at(frame, *left)
            _look_at(frame, *right)
    return _compared(op, left[1], right[1])


def _compared(op: ast.cmpop, left: Value, right: Value) -> Inert:
    """Whether two constants are the same, or one is among others; of other values it is not known."""
    if isinstance(op, ast.In | ast.NotIn):
        there = _is_among(left, right)
        return INERT if there is None else constant(there == isinstance(op, ast.In))
    same = _is_same(left, right)
    if same is None:
        return INERT
    match op:
        case ast.Is() | ast.Eq():
            return constant(same)
        case ast.IsNot() | ast.NotEq():
            return constant(not same)
        case _:
            return INERT


def _is_same(left: Value, right: Value) -> bool | None:
    match left, right:
        case Inert(known=True), Inert(known=True):
            return left.constant == right.constant and type(left.constant) is type(right.constant)
        case (Items() | Mapping(), Inert(known=True)) | (Inert(known=True), Items() | Mapping()):
            return False
        case _:
            return None


def _search(frame: Frame, node: ast.expr, value: Value) -> None:
    frame.opaque()
    match value:
        case QuerySet():
            effects.read_rows(frame, node, value, "membership", "in")
        case Session():
            load_session(frame, node, value)
        case Mapping() | Items() | Inert():
            return
        case Object(cls=cls) if frame.world.owns(cls):
            protocols.contains(frame, node, value)
        case _:
            elements(frame, node, value)


def _look_at(frame: Frame, node: ast.expr, value: Value) -> None:
    if isinstance(value, Instance):
        present(frame, node, value)
    elif not isinstance(value, Inert | Items | Mapping | Live):
        frame.opaque()
