"""Which parameters' objects a value may share, so that changing it is known to change them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.values import Inert, Instance, Items, QuerySet, Value

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame


def origins(frame: Frame, node: ast.expr, value: Value) -> frozenset[str]:
    """The parameters behind `value`, which `node` gave; none where it is data or was made here."""
    return _roots(frame, node) if _may_share(frame, value) else frozenset()


def _may_share(frame: Frame, value: Value) -> bool:
    match value:
        case Inert():
            return False
        case Instance(identity=identity) | QuerySet(identity=identity):
            return not identity.startswith(f"{frame.source.name}:")
        case Items(element=element):
            return _may_share(frame, element)
        case _:
            return True


def _roots(frame: Frame, node: ast.expr) -> frozenset[str]:
    match node:
        case ast.Name(id=name):
            own = {name} if name in frame.parameters else set()
            return frame.roots.get(name, frozenset()) | own
        case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.Lambda():
            return frozenset()
        case ast.Call(func=ast.Attribute(value=holder), args=args):
            return _roots(frame, holder).union(*(_roots(frame, item) for item in args))
        case _:
            names = (child for child in ast.walk(node) if isinstance(child, ast.Name))
            return frozenset().union(*(_roots(frame, name) for name in names))
