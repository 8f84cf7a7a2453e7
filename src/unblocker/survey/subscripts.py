"""Items and slices: of a list, a dictionary, a queryset, an object that answers for itself."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.cache import CacheHandler, cache

from unblocker.survey import effects, protocols, querysets
from unblocker.survey.choosing import each
from unblocker.survey.containers import any_value
from unblocker.survey.effects import elements
from unblocker.survey.identities import fresh
from unblocker.survey.joining import choices_of
from unblocker.survey.live import value_of
from unblocker.survey.operations import operation
from unblocker.survey.sessions import load_session
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Constant,
    Either,
    Expression,
    Form,
    FormField,
    Inert,
    Items,
    Live,
    Mapping,
    Never,
    Object,
    Page,
    QuerySet,
    Session,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame


def subscript(frame: Frame, node: ast.Subscript) -> Value:
    """What `base[key]` or `base[start:end]` gives; a query that it sends is put on record."""
    from unblocker.survey.expressions import evaluate

    base = evaluate(frame, node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(frame, node, base, node.slice)
    key = evaluate(frame, node.slice)
    frame.opaque()
    return _part(frame, node, base, key)


def _part(frame: Frame, node: ast.Subscript, base: Value, key: Value) -> Value:
    """`base[key]`."""
    text: Constant = key.constant if isinstance(key, Inert) and key.known else None
    identity = frame.identity(node)
    match base:
        case Never():
            return NEVER
        case Either(choices=choices):
            return each(frame, choices, lambda one: _part(frame, node, one, key))
        case Mapping():
            found = base.get(text) if text is not None else any_value(base)
            return INERT if isinstance(found, Never) else fresh(found, identity)
        case Items():
            return fresh(_item(base, text), identity)
        case QuerySet():
            return _index(frame, node, base)
        case Session():
            load_session(frame, node.value, base)
            return INERT
        case Form(cls=cls):
            return FormField(cls, text if isinstance(text, str) else "")
        case Inert() | Page() | Expression():
            return INERT
        case _:
            return _item_of_object(frame, node, base, key)


def _item_of_object(frame: Frame, node: ast.expr, base: Value, key: Value) -> Value:
    match base:
        case Object(cls=cls) if frame.world.owns(cls):
            return protocols.item(frame, node, base, key)
        case Live(target=CacheHandler()):
            return Live(cache)  # any of the caches: they are one place
        case Live(target=type() as cls) if frame.world.owns(cls):
            return INERT
        case Live(target=type() as cls):
            return value_of(next(iter(vars(cls).values()), None))
        case _:
            return UNKNOWN


def _item(base: Items, key: Constant) -> Value:
    parts = base.parts or ()
    known = isinstance(key, int) and -len(parts) <= key < len(parts)
    return parts[key] if known and isinstance(key, int) else base.element


def _index(frame: Frame, node: ast.Subscript, base: QuerySet) -> Value:
    if not base.evaluated and not frame.is_fetched(base.identity):
        frame.operate(
            node,
            operation(
                "django_orm.index",
                "query",
                f"{base.model.__name__}[…]",
                reads=base.tables,
                raises=("builtins.IndexError",),
                implicit=True,
            ),
        )
    return effects.row(base, frame.identity(node))


def _slice(frame: Frame, node: ast.Subscript, base: Value, part: ast.Slice) -> Value:
    from unblocker.survey.expressions import evaluate

    for bound in (part.lower, part.upper, part.step):
        if bound is not None:
            value = evaluate(frame, bound)
            if not (isinstance(value, Inert) and value.known):
                frame.opaque()
    return each(frame, choices_of(base), lambda one: _sliced(frame, node, one, part))


def _sliced(frame: Frame, node: ast.Subscript, base: Value, part: ast.Slice) -> Value:
    if isinstance(base, QuerySet):
        if base.evaluated or frame.is_fetched(base.identity):
            return Items(effects.row(base, frame.identity(node)))
        if part.step is not None:
            return Items(elements(frame, node.value, base))
        return querysets.slice_of(base, part, frame.identity(node))
    frame.opaque()
    return replace(base, parts=None, length=None) if isinstance(base, Items) else base
