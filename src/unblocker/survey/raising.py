"""Whether a `try` can end in a handler: what is surely there raises no AttributeError and no TypeError."""

from __future__ import annotations

import ast
import inspect
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import LazySettings, settings
from django.db.models import Manager as DjangoManager
from django.db.models import QuerySet as DjangoQuerySet

from unblocker.survey.live import known_text
from unblocker.survey.looking import NOTHING, static_attribute
from unblocker.survey.models import relations
from unblocker.survey.seen import Observed
from unblocker.survey.values import Inert, Instance, Items, Live, Manager, Object, QuerySet, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from unblocker.survey.frame import Frame

_OF_KINDS = (AttributeError, TypeError)
_HARMLESS = (
    ast.Assign, ast.Expr, ast.Return, ast.Pass, ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Slice,
    ast.expr_context, ast.keyword,
)  # fmt: skip


@contextmanager
def observing(frame: Frame, handlers: Sequence[ast.ExceptHandler]) -> Iterator[Observed | None]:
    """Write down what the expressions are that are read inside, where the handlers are of errors that tell by that."""
    if not handlers or not all(_tells_by_kind(frame, one) for one in handlers):
        yield None
        return
    before = frame.observed
    frame.observed = observed = before or Observed()
    try:
        yield observed
    finally:
        frame.observed = before


def can_raise(body: Sequence[ast.stmt], observed: Observed | None) -> bool:
    """Whether a body, read under `observing`, may raise an error that its handlers are for."""
    if observed is None:
        return True
    nodes = (node for statement in body for node in ast.walk(statement))
    return not all(_is_safe(node, observed.values) for node in nodes)


def _tells_by_kind(frame: Frame, handler: ast.ExceptHandler) -> bool:
    from unblocker.survey.expressions import evaluate

    if handler.type is None:
        return False
    with frame.unseen():
        value = evaluate(frame, handler.type)
    parts = value.parts or () if isinstance(value, Items) else (value,)
    return bool(parts) and all(isinstance(one, Live) and one.target in _OF_KINDS for one in parts)


def _is_safe(node: ast.AST, values: Mapping[ast.expr, Value]) -> bool:
    match node:
        case ast.Tuple(ctx=ast.Store()) | ast.List(ctx=ast.Store()):
            return False
        case ast.Attribute(value=holder, attr=name):
            return _has(values.get(holder), name)
        case ast.Call(func=ast.Attribute(value=holder, attr=name), args=[], keywords=[]):
            return _takes_nothing(values.get(holder), name)
        case ast.Call(func=ast.Name(id="getattr"), args=[holder, name_node], keywords=[]):
            text = known_text(values.get(name_node, Inert()))
            return text is not None and _has(values.get(holder), text)
        case ast.Call():
            return False
        case ast.Subscript(value=holder, slice=ast.Slice() as part):
            bounds = (one for one in (part.lower, part.upper, part.step) if one is not None)
            is_rows = isinstance(values.get(holder), QuerySet | Items)
            return is_rows and all(isinstance(values.get(one), Inert) for one in bounds)
        case _:
            return isinstance(node, _HARMLESS)


def _has(holder: Value | None, name: str) -> bool:
    """Whether the attribute is surely there, and reading it runs no code of the project's."""
    match holder:
        case QuerySet(cls=cls) | Manager(cls=cls):
            return isinstance(static_attribute(cls, name), types.FunctionType)
        case Instance(model=model, nullable=False):
            return any(field.attname == name for field in model._meta.concrete_fields) or (
                name in relations(model)
            )
        case Object():
            return holder.held(name) is not None
        case Live(target=LazySettings()):
            return hasattr(settings, name)
        case Live(target=target):
            return static_attribute(target, name) is not NOTHING
        case _:
            return False


def _takes_nothing(holder: Value | None, name: str) -> bool:
    """Whether it is a method of Django's querysets that can be called without arguments."""
    if not isinstance(holder, QuerySet | Manager):
        return False
    base = DjangoQuerySet if isinstance(holder, QuerySet) else DjangoManager
    own, found = static_attribute(base, name), static_attribute(holder.cls, name)
    if own is not found or not isinstance(found, types.FunctionType):
        return False
    _self, *rest = inspect.signature(found).parameters.values()
    return all(one.default is not one.empty or one.kind in (2, 4) for one in rest)
