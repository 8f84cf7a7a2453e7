"""Forms: what validating one queries and what saving one writes."""

from __future__ import annotations

import ast
import types
from typing import TYPE_CHECKING

from django.db.models import Model
from django.db.models import QuerySet as DjangoQuerySet

from unblocker.catalog.base import Harmless
from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey import saving
from unblocker.survey.frame import operation
from unblocker.survey.looking import static_attribute
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Form, Instance, Mapping, Value

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known

_SHOWING = frozenset({"as_p", "as_div", "as_table", "as_ul", "render", "__str__", "__html__"})
_NOTHING = Arguments((), {}, open=False)


def call(
    frame: Frame, node: ast.expr, receiver: Form, cls: type, name: str, given: Arguments
) -> Value:
    """A form's method; `cls` is the class to look it up on."""
    frame.opaque()
    found = static_attribute(cls, name)
    if frame.world.follows(found) and isinstance(found, types.FunctionType):
        return invoke(frame, node, found, given, receiver=receiver)
    known = frame.world.index.method(cls, name)
    if known is None:
        return INERT if name.startswith("__") else unknown_call(frame, node)
    _mutate_form(frame, node)
    if isinstance(known.item, Harmless):
        if name in _SHOWING:
            show(frame, node, receiver)
        return Mapping((), INERT) if name == "clean" else INERT
    if known.name == "django_forms.validate":
        _validate(frame, node, known, receiver)
        return INERT
    return _save(frame, node, known, receiver, given)


def _mutate_form(frame: Frame, node: ast.expr) -> None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        frame.mutate(node.func.value)


def show(frame: Frame, node: ast.expr, value: Form, name: str = "") -> None:
    """The form, or one field of it, becomes HTML: what it lets choose from is read."""
    tables = choices_of_field(value.cls, name)
    if tables:
        label = f"{value.cls.__name__} choices"
        frame.operate(
            node,
            operation("django_forms.choices", "query", label, reads=tables, implicit=True),
        )


def _validate(frame: Frame, node: ast.expr, known: Known, receiver: Form) -> None:
    reads = choices_of_field(receiver.cls) | _unique(receiver.cls)
    cleaners = [name for name in dir(receiver.cls) if name == "clean" or name.startswith("clean_")]
    for name in cleaners:
        method = static_attribute(receiver.cls, name)
        if frame.world.follows(method):
            invoke(frame, node, method, _NOTHING, receiver=receiver, implicit=True)
    if reads:
        label = f"{receiver.cls.__name__}.is_valid"
        frame.operate(node, operation(known.name, "query", label, reads=reads))


def choices_of_field(cls: type, name: str = "") -> frozenset[Location]:
    """The tables that the form's fields choose from, or that one field does."""
    found: set[Location] = set()
    for key, field in getattr(cls, "base_fields", {}).items():
        queryset = getattr(field, "queryset", None)
        if isinstance(queryset, DjangoQuerySet) and name in ("", key):
            model: type[Model] = queryset.model
            found |= facts.own_tables(model)
    return frozenset(found)


def _unique(cls: type) -> frozenset[Location]:
    """The tables that a model form asks whether a value is taken."""
    model: type[Model] | None = getattr(getattr(cls, "_meta", None), "model", None)
    if model is None:
        return frozenset()
    names = set(getattr(cls, "base_fields", {}))
    own = {field.name for field in model._meta.fields if field.unique and not field.primary_key}
    together = bool(model._meta.unique_together or model._meta.constraints)
    return facts.own_tables(model) if own & names or together else frozenset()


def _save(frame: Frame, node: ast.expr, known: Known, receiver: Form, given: Arguments) -> Value:
    model = getattr(getattr(receiver.cls, "_meta", None), "model", None)
    if model is None:
        return unknown_call(frame, node)
    instance = (
        receiver.instance
        if isinstance(receiver.instance, Instance)
        else Instance(model, frame.identity(node))
    )
    if "commit" in given.keywords:
        return instance
    reads, writes = saving.saved(frame, node, model, frozenset(), facts.own_tables(model))
    for name in getattr(receiver.cls, "base_fields", {}):
        relation = facts.relations(model).get(name)
        if relation is not None and relation.through:
            writes |= {Location("table", relation.through)}
    label = f"{receiver.cls.__name__}.save"
    frame.operate(node, operation(known.name, "query", label, reads=reads, writes=writes))
    return instance if isinstance(instance, Instance) else UNKNOWN
