"""Serializers of Django REST framework: what showing an object reads, what validating and saving one does."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey import querysets, saving
from unblocker.survey.effects import elements, expected_rows
from unblocker.survey.live import plain_function
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.querysets import Arguments
from unblocker.survey.serializer_fields import SerializerField, fields_of, model_of
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Inert,
    Instance,
    Live,
    Manager,
    Mapping,
    Method,
    Never,
    Object,
    QuerySet,
    Request,
    Serializer,
    Value,
)

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame

_NOTHING = Arguments((), {}, open=False)
_CALLED_BACK = ("validate", "to_internal_value")


def make(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    """A serializer: of one object, or of each of many."""
    frame.opaque()
    instance = given.get(0, "instance") or UNKNOWN
    data = given.get(1, "data")
    is_new = isinstance(instance, Inert) or (data is not None and instance is UNKNOWN)
    if is_new:
        instance = _made(frame, node, cls)
    many = given.keywords.get("many") == Inert(True, known=True)
    made = Serializer(cls, instance, frame.identity(node), many, is_new)
    initializer = getattr(cls, "__init__", None)
    if isinstance(initializer, types.FunctionType) and frame.world.owns(initializer):
        invoke(frame, node, initializer, given, receiver=made)
    return made


def _made(frame: Frame, node: ast.expr, cls: type) -> Value:
    """What `save()` is going to make: what was given by key has been looked up by then."""
    model = model_of(cls)
    if model is None:
        return UNKNOWN
    there = {
        one.source[0] for one in fields_of(cls) if one.writes and one.kind == "key" and one.source
    }
    return Instance(model, frame.identity(node), frozenset(there), stored=True)


def attribute_of(frame: Frame, node: ast.expr, receiver: Serializer, name: str) -> Value:
    """An attribute of a serializer; `data` reads what its fields show."""
    frame.opaque()
    match name:
        case "data":
            if frame.fetch(f"{receiver.identity}.data"):
                show(frame, node, receiver)
            return INERT
        case "instance":
            return receiver.instance
        case "context":
            there = frozenset({"user", "session"})
            return Mapping((("request", Request("request", there)), ("view", UNKNOWN)), INERT)
        case "Meta":
            return Live(getattr(receiver.cls, name, None))
    found = static_attribute(receiver.cls, name)
    if isinstance(found, types.FunctionType | staticmethod | classmethod):
        return Method(receiver, name)
    if isinstance(found, property) and frame.world.owns(found.fget):
        return invoke(frame, node, found.fget, _NOTHING, receiver=receiver, implicit=True)
    assigned = frame.world.known_attribute(receiver.cls, name)
    if assigned is not None:
        return assigned
    return Live(found) if isinstance(found, type) else INERT


def call(
    frame: Frame, node: ast.expr, receiver: Serializer, cls: type, name: str, given: Arguments
) -> Value:
    """A method of a serializer; `cls` is the class to look it up on."""
    frame.opaque()
    found = static_attribute(cls, name)
    if frame.world.owns(found):
        function = found.__func__ if isinstance(found, staticmethod) else found
        return invoke(frame, node, function, given, receiver=receiver)
    match name:
        case "is_valid":
            return _validate(frame, node, receiver)
        case "save":
            return _save(frame, node, receiver, given)
        case "create" | "update":
            return _persist(frame, node, receiver, given, creates=name == "create")
        case "to_representation":
            _show_fields(frame, node, receiver, given.get(0, "instance") or UNKNOWN)
            return Mapping((), INERT)
        case "validate":
            return given.get(0, "attrs") or INERT
    module = getattr(plain_function(found), "__module__", "") or ""
    return INERT if module.startswith("rest_framework.") else unknown_call(frame, node)


def show(frame: Frame, node: ast.expr, serializer: Serializer) -> None:
    """What the fields read: for each object, if it is of many."""
    if not serializer.many:
        _show_one(frame, node, serializer, serializer.instance)
        return
    value = _rows(frame, node, serializer.instance)
    element = elements(frame, node, value)
    with frame.perhaps(times=expected_rows(value)):
        _show_one(frame, node, serializer, element)


def _rows(frame: Frame, node: ast.expr, value: Value) -> Value:
    return (
        querysets.from_manager(value, frame.identity(node)) if isinstance(value, Manager) else value
    )


def _show_one(frame: Frame, node: ast.expr, serializer: Serializer, value: Value) -> None:
    method = static_attribute(serializer.cls, "to_representation")
    if frame.world.owns(method):
        given = Arguments((value,), {}, open=False)
        invoke(frame, node, method, given, receiver=serializer, implicit=True)
    else:
        _show_fields(frame, node, serializer, value)


def _show_fields(frame: Frame, node: ast.expr, serializer: Serializer, value: Value) -> None:
    if isinstance(value, Inert | Mapping | Never):
        return
    for field in fields_of(serializer.cls):
        if field.reads:
            with frame.within(field.name):
                _show_field(frame, node, serializer, field, value)


def _show_field(
    frame: Frame, node: ast.expr, serializer: Serializer, field: SerializerField, value: Value
) -> None:
    if field.kind == "method":
        method = static_attribute(serializer.cls, field.attribute)
        given = Arguments((value,), {}, open=False)
        if frame.world.owns(method):
            invoke(frame, node, method, given, receiver=serializer, implicit=True)
        return
    if field.kind == "key" and not field.many and not _is_asked(value, field):
        _follow(frame, node, value, field.source[:-1])
        return
    shown = _rows(frame, node, _follow(frame, node, value, field.source))
    if not (field.many or isinstance(shown, QuerySet)):
        _show_value(frame, node, serializer, field, shown)
        return
    element = elements(frame, node, shown)
    with frame.perhaps(times=expected_rows(shown)):
        if field.kind != "key":
            _show_value(frame, node, serializer, field, element)


def _is_asked(value: Value, field: SerializerField) -> bool:
    """Whether the key of a related object is not in the object's own row: a reverse one-to-one."""
    if not isinstance(value, Instance) or len(field.source) != 1:
        return False
    relation = facts.relations(value.model).get(field.source[0])
    return relation is not None and relation.kind == "reverse-one"


def _follow(frame: Frame, node: ast.expr, value: Value, path: tuple[str, ...]) -> Value:
    """`source="a.b"`: attributes one after the other, called where they can be."""
    from unblocker.survey.attributes import attribute
    from unblocker.survey.calls import call as call_value

    for name in path:
        if isinstance(value, Mapping):
            value = value.get(name)
            continue
        with frame.within(name):
            value = attribute(frame, node, value, name)
            if isinstance(value, Method):
                value = call_value(frame, node, value, _NOTHING)
    return value


def _show_value(
    frame: Frame, node: ast.expr, serializer: Serializer, field: SerializerField, value: Value
) -> None:
    from unblocker.survey.attributes import attribute
    from unblocker.survey.operators import text_of

    match field.kind:
        case "nested" if field.cls is not None:
            inner = Serializer(field.cls, value, f"{serializer.identity}.{field.name}")
            _show_one(frame, node, inner, value)
        case "slug":
            attribute(frame, node, value, field.attribute)
        case "text":
            text_of(frame, node, value)
        case "custom" if field.cls is not None:
            _show_custom(frame, node, field.cls, value)


def _show_custom(frame: Frame, node: ast.expr, cls: type, value: Value) -> None:
    """A field of the project's own, or of another package's: plain data may be shown in any way."""
    method = static_attribute(cls, "to_representation")
    if frame.world.owns(method):
        receiver = Object(cls, frame.identity(node))
        invoke(
            frame,
            node,
            method,
            Arguments((value,), {}, open=False),
            receiver=receiver,
            implicit=True,
        )
    elif not isinstance(value, Inert) and not _is_frameworks(method):
        unknown = (UNKNOWN_LOCATION,)
        found = operation(
            "unknown.call", "helper", cls.__name__, reads=unknown, writes=unknown, implicit=True
        )
        frame.operate(node, found)


def _is_frameworks(method: object) -> bool:
    module = getattr(plain_function(method), "__module__", "") or ""
    return module.startswith("rest_framework.")


def _validate(frame: Frame, node: ast.expr, serializer: Serializer) -> Value:
    cls = serializer.cls
    reads = _looked_up(cls) | _unique(cls)
    names = [one.name for one in fields_of(cls) if one.writes]
    for name in (*(f"validate_{name}" for name in names), *_CALLED_BACK):
        method = static_attribute(cls, name)
        if frame.world.owns(method):
            given = Arguments((INERT,), {}, open=False)
            invoke(frame, node, method, given, receiver=serializer, implicit=True)
    if reads:
        label = f"{cls.__name__}.is_valid"
        found = operation("rest_framework.validate", "query", label, reads=reads, implicit=True)
        frame.operate(node, found)
    return INERT


def _looked_up(cls: type) -> frozenset[Location]:
    """The tables in which given keys are looked up, those of nested serializers too."""
    found: set[Location] = set()
    for field in fields_of(cls):
        if field.writes and field.model is not None:
            found |= facts.own_tables(field.model)
        if field.writes and field.kind == "nested" and field.cls not in (None, cls):
            found |= _looked_up(field.cls)
    return frozenset(found)


def _unique(cls: type) -> frozenset[Location]:
    """The table that a model serializer asks whether a value is taken."""
    model = model_of(cls)
    if model is None:
        return frozenset()
    names = {
        one.source[0] for one in fields_of(cls) if one.writes and one.source and not one.declared
    }
    own = {field.name for field in model._meta.fields if field.unique and not field.primary_key}
    together = bool(model._meta.unique_together or model._meta.constraints)
    return facts.own_tables(model) if own & names or together else frozenset()


def _save(frame: Frame, node: ast.expr, serializer: Serializer, given: Arguments) -> Value:
    from unblocker.survey.query_calls import look_up

    look_up(frame, node, given)
    instance = serializer.instance
    is_new = serializer.new or not isinstance(instance, Instance)
    name = "create" if is_new else "update"
    method = static_attribute(serializer.cls, name)
    values = (INERT,) if is_new else (instance, INERT)
    if frame.world.owns(method):
        passed = Arguments(values, {}, open=False)
        return invoke(frame, node, method, passed, receiver=serializer, implicit=True)
    return _persist(frame, node, serializer, Arguments(values, {}, open=False), creates=is_new)


def _persist(
    frame: Frame, node: ast.expr, serializer: Serializer, given: Arguments, *, creates: bool
) -> Value:
    """`ModelSerializer.create` and `update`: the row, and its many-to-many tables."""
    model = model_of(serializer.cls)
    if model is None:
        return unknown_call(frame, node)
    tables = facts.own_tables(model)
    kept = given.get(0, "instance")
    made = _made(frame, node, serializer.cls) if creates or not isinstance(kept, Instance) else kept
    assert isinstance(made, Instance)  # noqa: S101  # it has a model
    names = [
        field.source[0] for field in fields_of(serializer.cls) if field.writes and field.source
    ]
    chosen = facts.forward_relations(model).intersection(names) if creates else frozenset[str]()
    files = saving.new_files(model, names)
    made = replace(made, stored=not creates, loaded=made.loaded | chosen, files=files)
    reads, writes = saving.saved(frame, node, made, frozenset(), tables)
    made = replace(made, stored=True, files=frozenset())
    for field in fields_of(serializer.cls):
        relation = facts.relations(model).get(field.source[0]) if field.source else None
        if field.writes and relation is not None and relation.through:
            writes |= {Location("table", relation.through)}
    label = f"{serializer.cls.__name__}.{'create' if creates else 'update'}"
    found = operation(
        "rest_framework.save", "query", label, reads=reads, writes=writes, implicit=True
    )
    frame.operate(node, found)
    return made
