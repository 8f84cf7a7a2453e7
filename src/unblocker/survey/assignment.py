"""Storing values: in locals, in attributes and items, where others see them."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey import form_fields, object_state, request_attributes
from unblocker.survey.closures import leaving
from unblocker.survey.effects import elements, present
from unblocker.survey.expressions import evaluate
from unblocker.survey.identities import fresh
from unblocker.survey.joining import choices_of, join
from unblocker.survey.models import relations
from unblocker.survey.sessions import load_session
from unblocker.survey.values import (
    Form,
    FormField,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Object,
    Request,
    Session,
    Value,
    element_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unblocker.survey.frame import Frame


def assign(
    frame: Frame, target: ast.expr, value: Value, origins: frozenset[str] = frozenset()
) -> None:
    """Bind `value` to a target's names; what is stored elsewhere is seen by others."""
    match target:
        case ast.Name(id=name) if name in frame.locals:
            frame.bind(name, value, origins)
        case ast.Name():
            frame.mutate(target)
        case ast.Starred(value=inner):
            frame.opaque()
            assign(frame, inner, Items(element_of(value)), origins)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(frame, target, targets, value, origins)
        case ast.Attribute(value=holder_node, attr=name):
            _set_attribute(frame, holder_node, name, value)
        case ast.Subscript(value=holder_node):
            _set_item(frame, target, holder_node, value)


def _unpack(
    frame: Frame, node: ast.expr, targets: Sequence[ast.expr], value: Value, origins: frozenset[str]
) -> None:
    if isinstance(value, Items) and value.parts is not None and len(value.parts) == len(targets):
        parts: Sequence[Value] = value.parts
    else:
        frame.opaque()
        parts = [elements(frame, node, value)] * len(targets)
    for target, part in zip(targets, parts, strict=True):
        assign(frame, target, part, origins)


def _set_attribute(frame: Frame, holder_node: ast.expr, name: str, value: Value) -> None:
    frame.opaque()
    holder = evaluate(frame, holder_node)
    frame.mutate(holder_node)
    value = leaving(frame, value)
    for one in choices_of(holder):
        _keep_attribute(frame, holder_node, one, name, value)


def _keep_attribute(
    frame: Frame, holder_node: ast.expr, holder: Value, name: str, value: Value
) -> None:
    match holder:
        case Instance():
            present(frame, holder_node, holder)
            if name in relations(holder.model):
                frame.fetch(f"{holder.identity}.{name}")
            else:
                _unload(frame, holder_node, holder, name.removesuffix("_id"))
        case FormField():
            form_fields.set_attribute(frame, holder_node, holder, name, value)
        case Request():
            request_attributes.assign(frame, name, value)
        case Session():
            frame.touch(Location("session"))
        case Live(target=type() as cls):
            frame.touch(Location("global", f"{cls.__module__}.{cls.__qualname__}"))
        case Object():
            _set_on_object(frame, holder_node, holder, name, value)
        case _ if hasattr(holder, "cls"):
            cls = holder.cls
            if frame.world.owns(cls):
                frame.world.assign_attribute(cls, name, fresh(value, f"{cls.__qualname__}.{name}"))


def _set_on_object(
    frame: Frame, holder_node: ast.expr, holder: Object, name: str, value: Value
) -> None:
    if holder.role is None:
        if frame.world.owns(holder.cls):
            object_state.assign(frame, holder_node, holder, name, value)
        return
    path = f"{holder.identity}.{name}"
    _store(frame, path, getattr(value, "identity", ""))
    if not frame.never:
        frame.world.assign_attribute(holder.cls, name, fresh(value, path), holder.role)


def _store(frame: Frame, path: str, identity: str) -> None:
    """What is stored under `path` is another object now: what was fetched on it is known there too."""
    fetched = {
        fact for fact in frame.env.fetched if fact != path and not fact.startswith(f"{path}.")
    }
    old = f"{identity}."
    moved = {
        path + fact.removeprefix(identity)
        for fact in fetched
        if fact == identity or fact.startswith(old)
    }
    frame.env.fetched = frozenset(fetched | (moved if identity else set()))


def _unload(frame: Frame, node: ast.expr, holder: Instance, relation: str) -> None:
    """A foreign key was given another number: what was there of it is not any more."""
    frame.forget(f"{holder.identity}.{relation}")
    frame.env.fetched -= {f"{holder.identity}.{relation}"}
    if relation in holder.loaded and isinstance(node, ast.Name):
        frame.env.values[node.id] = replace(holder, loaded=holder.loaded - {relation})


def _set_item(frame: Frame, target: ast.Subscript, holder_node: ast.expr, value: Value) -> None:
    frame.opaque()
    holder = evaluate(frame, holder_node)
    key = evaluate(frame, target.slice)
    frame.mutate(holder_node)
    if isinstance(holder, Session):
        load_session(frame, holder_node, holder)
    if isinstance(holder_node, ast.Attribute) and holder_node.attr == "fields":
        form = evaluate(frame, holder_node.value)
        if isinstance(form, Form) and isinstance(key, Inert) and key.known:
            form_fields.set_field(frame, form.cls, str(key.constant), value)
    if not isinstance(holder_node, ast.Name) or holder_node.id not in frame.locals:
        return
    if isinstance(holder, Mapping):
        if isinstance(key, Inert) and key.known:
            entries = {**dict(holder.entries), key.constant: value}
            frame.env.values[holder_node.id] = Mapping(tuple(entries.items()), holder.rest)
        else:
            frame.env.values[holder_node.id] = Mapping(holder.entries, join(holder.rest, value))
    elif isinstance(holder, Items):
        frame.env.values[holder_node.id] = Items(join(holder.element, value))
