"""Which locals' objects a value may share, so that changing it is known to change them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.names import root_name
from unblocker.survey.values import (
    Either,
    Inert,
    Instance,
    Items,
    Live,
    QuerySet,
    Request,
    Session,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame

_NOTHING: frozenset[str] = frozenset()
_APART = (Inert, Live, Request, Session)


def origins(frame: Frame, node: ast.expr, value: Value) -> frozenset[str]:
    """The locals behind `value`, which `node` gave; none where it is a plain value or was made here."""
    match value:
        case Inert(known=True) | Live():
            return _NOTHING
        case Inert():
            return _part_of_data(frame, node)
        case _ if isinstance(node, ast.Call) and _is_new(frame, value):
            return _NOTHING
        case _:
            return _roots(frame, node)


def _is_new(frame: Frame, value: Value) -> bool:
    match value:
        case Instance(identity=identity) | QuerySet(identity=identity):
            return identity.startswith(f"{frame.source.name}:")
        case Either(choices=choices):
            return all(_is_new(frame, one) for one in choices)
        case Items(element=element):
            return isinstance(element, Inert) or _is_new(frame, element)
        case _:
            return False


def _part_of_data(frame: Frame, node: ast.expr) -> frozenset[str]:
    """`data`, `data["rows"]`, `data.get("rows")`: may be a list or dictionary inside `data`."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        name = root_name(node)
        if name in frame.locals and isinstance(frame.value(name), Inert):
            return frame.roots.get(name, _NOTHING) | {name}
    return _NOTHING


def _roots(frame: Frame, node: ast.expr) -> frozenset[str]:
    match node:
        case ast.Name(id=name):
            if name not in frame.locals or isinstance(frame.value(name), _APART):
                return _NOTHING
            return frame.roots.get(name, _NOTHING) | {name}
        case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.Lambda():
            return _NOTHING
        case ast.Call(func=ast.Attribute(value=holder), args=args):
            return _roots(frame, holder).union(*(_roots(frame, item) for item in args))
        case _:
            names = (child for child in ast.walk(node) if isinstance(child, ast.Name))
            return _NOTHING.union(*(_roots(frame, name) for name in names))
