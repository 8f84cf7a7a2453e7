"""Reading an attribute: a column, a lazy relation, a property of the project, a thing of the request."""

from __future__ import annotations

import ast
import functools
import types
from typing import TYPE_CHECKING, Any

from django.conf import LazySettings
from django.db.models.base import ModelState
from django.db.models.fields.files import FieldFile, FileField
from django.db.models.query_utils import DeferredAttribute

from unblocker.survey import (
    form_fields,
    object_state,
    protocols,
    request_attributes,
    serializers,
    texts,
)
from unblocker.survey import models as facts
from unblocker.survey.choosing import each, is_choice, possible
from unblocker.survey.effects import present
from unblocker.survey.identities import fresh
from unblocker.survey.live import live_attribute, value_of
from unblocker.survey.looking import NOTHING, static_attribute
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.paths import is_path
from unblocker.survey.properties import PROPERTIES, read_property
from unblocker.survey.related import generic_relation, related
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Expression,
    Form,
    FormField,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    Method,
    Never,
    Object,
    Page,
    QuerySet,
    Request,
    Role,
    Serializer,
    Session,
    Super,
    Template,
    Value,
    constant,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db import models

    from unblocker.survey.frame import Frame

_PAGINATOR_QUERIES = frozenset({"count", "num_pages", "page_range"})


def attribute(frame: Frame, node: ast.expr, receiver: Value, name: str) -> Value:
    """What `receiver.name` is; puts the query it runs, if any, on record at `node`."""
    if is_choice(receiver):
        choices = _having(possible(receiver), name)
        return each(frame, choices, lambda one: attribute(frame, node, one, name))
    reader = _READERS.get(type(receiver))
    if reader is None:
        frame.touch(UNKNOWN_LOCATION)
        return UNKNOWN
    return reader(frame, node, receiver, name)


def _having(choices: tuple[Value, ...], name: str) -> tuple[Value, ...]:
    """Those that have the attribute, where any has it on its class: it is asked of no other."""
    return tuple(one for one in choices if _has(one, name)) or choices


def _has(value: Value, name: str) -> bool:
    match value:
        case Instance(model=cls) | Live(target=type() as cls):
            return static_attribute(cls, name) is not NOTHING
        case _:
            return True


def _of_nothing(frame: Frame, node: ast.expr, receiver: Value, name: str) -> Value:
    del frame, node, receiver, name
    return NEVER


def _of_data(frame: Frame, node: ast.expr, receiver: Inert, name: str) -> Value:
    del node
    frame.opaque()
    return Method(receiver, name) if texts.folds(receiver, name) else INERT


def _method(frame: Frame, node: ast.expr, receiver: Value, name: str) -> Value:
    del frame, node
    return Method(receiver, name)


def _of_live(frame: Frame, node: ast.expr, receiver: Live, name: str) -> Value:
    target = receiver.target
    index = frame.world.index
    if index.object_method(target, name) or index.object_method(target, name.removeprefix("a")):
        return Method(receiver, name)
    found = live_attribute(target, name)
    if found is None and protocols.answers(frame, type(target)):
        return protocols.missing(frame, node, receiver, type(target), name)
    if found is None:
        frame.opaque()
        return INERT if isinstance(target, LazySettings | types.FunctionType) else UNKNOWN
    if isinstance(target, types.ModuleType):
        frame.read_global(vars(target), name)
    if isinstance(target, types.ModuleType | type | LazySettings):
        return found
    if isinstance(found, Live) and callable(found.target):
        return Method(Live(target), name)
    return found


def _of_query(frame: Frame, node: ast.expr, receiver: QuerySet | Manager, name: str) -> Value:
    del frame, node
    if name == "model":
        return Live(receiver.model)
    return Method(receiver, name)


def _of_instance(frame: Frame, node: ast.expr, receiver: Instance, name: str) -> Value:
    model = receiver.model
    owner = node.value if isinstance(node, ast.Attribute) else node
    if receiver.nullable:
        frame.opaque()
    receiver = present(frame, owner, receiver)
    relation = facts.relations(model).get(name)
    if relation is not None:
        return related(frame, node, receiver, relation)
    if name == "_state":
        return Object(ModelState, "stored" if receiver.stored else "")
    if name in facts.columns(model):
        return _column(frame, node, receiver, name)
    return _other_attribute(frame, node, receiver, name)


def _column(frame: Frame, node: ast.expr, receiver: Instance, name: str) -> Value:
    if name == "_meta" and frame.is_library:
        return Live(receiver.model._meta)
    present_columns = receiver.columns
    if present_columns is not None and name not in present_columns and name != "pk":
        identity = f"{receiver.identity}.{name}"
        if frame.fetch(identity):
            tables = facts.own_tables(receiver.model)
            label = f"{receiver.model.__name__}.{name} (deferred)"
            frame.operate(
                node,
                operation(
                    "django_orm.deferred_column", "query", label, reads=tables, implicit=True
                ),
            )
    field = _field(receiver.model, name)
    if not isinstance(field, FileField):
        return INERT
    return Object(FieldFile, "stored" if receiver.stored and name not in receiver.files else "")


def _field(model: type[models.Model], name: str) -> object:
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def _other_attribute(frame: Frame, node: ast.expr, receiver: Instance, name: str) -> Value:
    found = static_attribute(receiver.model, name)
    match found:
        case _ if found is NOTHING:
            frame.opaque()
            return INERT
        case DeferredAttribute():
            return INERT
        case _ if isinstance(found, PROPERTIES):
            return read_property(frame, node, receiver, found, name)
        case types.FunctionType() | classmethod() | staticmethod():
            return Method(receiver, name)
        case functools.partialmethod():
            return Method(receiver, name)
        case _ if any(field.name == name for field in receiver.model._meta.private_fields):
            return generic_relation(frame, node, receiver, name)
        case type():
            return Live(found)
        case _:
            return value_of(found)


def _of_page(frame: Frame, node: ast.expr, receiver: Page, name: str) -> Value:
    frame.opaque()
    if name == "paginator":
        return Page(receiver.whole or receiver.items, paginator=True, counted=True)
    if name == "object_list":
        return receiver.items
    if receiver.paginator and name in _PAGINATOR_QUERIES and isinstance(receiver.items, QuerySet):
        rows = receiver.items
        if not (receiver.counted or rows.evaluated) and frame.fetch(f"{rows.identity}#"):
            label = f"count {rows.model.__name__}"
            frame.operate(
                node,
                operation("django_orm.paginate", "query", label, reads=rows.tables, implicit=True),
            )
        return INERT
    return Method(receiver, name)


def _of_template(frame: Frame, node: ast.expr, receiver: Template, name: str) -> Value:
    del node
    frame.opaque()
    return Method(receiver, name) if name == "render" else INERT


def _of_form(frame: Frame, node: ast.expr, receiver: Form, name: str) -> Value:
    if name == "instance":
        return receiver.instance
    frame.opaque()
    if name == "fields":
        return form_fields.fields(receiver.cls)
    if name in ("visible_fields", "hidden_fields", "save_m2m"):
        return Method(receiver, name)
    found = static_attribute(receiver.cls, name)
    if isinstance(found, types.FunctionType):
        return Method(receiver, name)
    if isinstance(found, PROPERTIES):
        return read_property(frame, node, receiver, found, name)
    assigned = frame.world.known_attribute(receiver.cls, name)
    if assigned is not None:
        return assigned
    return Live(found) if name == "_meta" and frame.is_library else INERT


def _of_object(frame: Frame, node: ast.expr, receiver: Object, name: str) -> Value:
    cls = receiver.cls
    if cls is ModelState and name == "adding" and receiver.identity == "stored":
        return constant(value=False)
    known = (
        _of_view(frame, receiver, receiver.role, name)
        if receiver.role is not None
        else object_state.attribute(frame, receiver, name)
    )
    if known is not None:
        return known
    found = static_attribute(cls, name)
    stands_for = frame.world.index.method(cls, name)
    if stands_for is not None and stands_for.name:
        return Method(receiver, name)
    if isinstance(found, PROPERTIES):
        is_parent = name == "parent" and is_path(receiver)
        return receiver if is_parent else read_property(frame, node, receiver, found, name)
    if name == "__class__":
        return Live(cls)
    if found is NOTHING:
        return _not_on_class(frame, node, receiver, name)
    if isinstance(found, types.FunctionType | classmethod | staticmethod):
        return Method(receiver, name)
    if isinstance(found, types.MemberDescriptorType):
        frame.opaque()
        return UNKNOWN
    return value_of(found)


def _not_on_class(frame: Frame, node: ast.expr, receiver: Object, name: str) -> Value:
    cls = receiver.cls
    if protocols.answers(frame, cls):
        return protocols.missing(frame, node, receiver, cls, name)
    if frame.world.owns(cls):
        frame.touch(UNKNOWN_LOCATION)
        return UNKNOWN
    frame.opaque()
    return INERT if frame.world.index.method(cls, name) is None else Method(receiver, name)


def _of_view(frame: Frame, receiver: Object, role: Role, name: str) -> Value | None:
    """What Django puts on a view's instance, what `as_view()` was given and what its methods assign."""
    assigned = frame.world.known_attribute(receiver.cls, name, role)
    path = f"{receiver.identity}.{name}"
    if name == "request":
        return Request(path)
    if assigned is not None:
        return fresh(assigned, path)
    if name in ("kwargs", "args"):
        return INERT if name == "kwargs" else Items(INERT)
    if name == "action":
        return constant(role.handler)
    return dict(role.settings).get(name)


_READERS: dict[type[Any], Callable[..., Value]] = {
    Never: _of_nothing,
    Inert: _of_data,
    Live: _of_live,
    Instance: _of_instance,
    Request: request_attributes.attribute,
    Page: _of_page,
    Template: _of_template,
    Form: _of_form,
    FormField: form_fields.attribute,
    Serializer: serializers.attribute_of,
    Object: _of_object,
    QuerySet: _of_query,
    Manager: _of_query,
    Items: _method,
    Mapping: _method,
    Session: _method,
    Super: _method,
    Expression: _method,
}
