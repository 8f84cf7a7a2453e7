"""Calls of methods, by what they are called on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps.registry import Apps

from unblocker.catalog.base import Harmless
from unblocker.survey import catalog_calls, form_calls, query_calls, querysets, serializers, texts
from unblocker.survey.callbacks import evaluate_given
from unblocker.survey.choosing import each, is_choice, possible
from unblocker.survey.containers import on_items, on_mapping
from unblocker.survey.harmless import NON_MUTATING_METHODS, is_harmless
from unblocker.survey.instance_calls import known_instance_method, on_instance
from unblocker.survey.live import known_text
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.paths import made
from unblocker.survey.project_calls import invoke_method, unknown_call
from unblocker.survey.rendering import render_named
from unblocker.survey.sessions import on_session
from unblocker.survey.template_texts import render_text
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Form,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    Method,
    Object,
    Page,
    QuerySet,
    Request,
    Serializer,
    Session,
    Super,
    Template,
    Value,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments


def call_method(frame: Frame, node: ast.expr, method: Method, given: Arguments) -> Value:
    """What the method returns; what it does is put on record at `node`."""
    if is_choice(method.receiver):
        choices = possible(method.receiver)
        return each(
            frame, choices, lambda one: call_method(frame, node, Method(one, method.name), given)
        )
    reader = _READERS.get(type(method.receiver))
    if reader is None:
        return unknown_call(frame, node)
    return reader(frame, node, method.receiver, method.name, given)


def _on_super(frame: Frame, node: ast.expr, receiver: Super, name: str, given: Arguments) -> Value:
    """`super().name(…)`: the next class in the MRO that has it."""
    bound = receiver.receiver
    mro = (_class_of(bound) or receiver.cls).__mro__
    after = mro[mro.index(receiver.cls) + 1 :] if receiver.cls in mro else mro
    owner = next((base for base in after if name in vars(base)), None)
    if owner is None:
        frame.touch(UNKNOWN_LOCATION)
        return UNKNOWN
    found = vars(owner)[name]
    if frame.world.follows(found, bound):
        return invoke_method(frame, node, found, given, bound)
    return _on_library_super(frame, node, bound, owner, name, given)


def _on_library_super(
    frame: Frame, node: ast.expr, bound: Value, owner: type, name: str, given: Arguments
) -> Value:
    match bound:
        case QuerySet():
            return query_calls.on_queryset(frame, node, bound, name, given)
        case Manager():
            rows = querysets.from_manager(bound, frame.identity(node))
            return (
                rows
                if name == "get_queryset"
                else query_calls.on_queryset(frame, node, rows, name, given)
            )
        case Instance():
            return known_instance_method(frame, node, bound, owner, name, given)
        case Form():
            return form_calls.call(frame, node, bound, owner, name, given)
        case Serializer():
            return serializers.call(frame, node, bound, owner, name, given)
        case _ if name == "__init__" and is_harmless(owner):
            frame.opaque()
            return INERT
        case _:
            return _on_class(frame, node, bound, owner, name, given)


def _class_of(value: Value) -> type | None:
    match value:
        case Instance(model=cls):
            return cls
        case Form(cls=cls) | Object(cls=cls) | QuerySet(cls=cls) | Manager(cls=cls):
            return cls
        case Serializer(cls=cls):
            return cls
        case Live(target=type() as cls):
            return cls
        case _:
            return None


def _on_request(
    frame: Frame, node: ast.expr, receiver: Request, name: str, given: Arguments
) -> Value:
    """`request.auser()`: it reads the session and the user, whether `request.user` was read or not."""
    del given
    if name != "auser":
        return unknown_call(frame, node)
    facts = frame.world.facts
    frame.operate(
        node, operation("django_auth.get_user", "query", "request.auser", reads=facts.user_reads)
    )
    frame.fetch(f"{receiver.identity}.session")
    return Instance(facts.user_model, frame.identity(node))


def _on_serializer(
    frame: Frame, node: ast.expr, receiver: Serializer, name: str, given: Arguments
) -> Value:
    return serializers.call(frame, node, receiver, receiver.cls, name, given)


def _on_text(frame: Frame, node: ast.expr, receiver: Inert, name: str, given: Arguments) -> Value:
    del node
    frame.opaque()
    return texts.folded(receiver, name, given)


def _on_template(
    frame: Frame, node: ast.expr, receiver: Template, name: str, given: Arguments
) -> Value:
    known = frame.world.index.method(receiver.cls, name)
    if known is None:
        return unknown_call(frame, node)
    if receiver.named:
        return render_named(frame, node, known, receiver.source, given)
    return render_text(frame, node, known, receiver.source, given)


def _on_form(frame: Frame, node: ast.expr, receiver: Form, name: str, given: Arguments) -> Value:
    return form_calls.call(frame, node, receiver, receiver.cls, name, given)


def _on_object(
    frame: Frame, node: ast.expr, receiver: Object, name: str, given: Arguments
) -> Value:
    return _on_class(frame, node, receiver, receiver.cls, name, given)


def _on_class(
    frame: Frame, node: ast.expr, receiver: Value, cls: type, name: str, given: Arguments
) -> Value:
    found = static_attribute(cls, name)
    if frame.world.follows(found, receiver):
        return invoke_method(frame, node, found, given, receiver)
    return _known_method(frame, node, frame.world.index.method(cls, name), cls, name, given)


def _on_live(frame: Frame, node: ast.expr, receiver: Live, name: str, given: Arguments) -> Value:
    target = receiver.target
    if isinstance(target, Apps) and name == "get_model":
        return _registered_model(frame, node, target, given)
    known = frame.world.index.object_method(target, name)
    if known is not None:
        return _known_method(frame, node, known, type(target), name, given)
    return _on_class(frame, node, Object(type(target)), type(target), name, given)


def _registered_model(frame: Frame, node: ast.expr, apps: Apps, given: Arguments) -> Value:
    """`apps.get_model("shop", "Order")`, or `apps.get_model("shop.Order")`."""
    evaluate_given(frame, node, given)
    frame.opaque()
    label = known_text(given.get(0, "app_label") or UNKNOWN)
    second = given.get(1, "model_name")
    name = known_text(second) if second is not None else None
    if label is None or (second is not None and name is None):
        return UNKNOWN
    try:
        return Live(apps.get_model(label, name))
    except (LookupError, ValueError):
        return UNKNOWN


def _known_method(
    frame: Frame, node: ast.expr, known: Known | None, cls: type, name: str, given: Arguments
) -> Value:
    if known is None:
        if not is_harmless(cls):
            return unknown_call(frame, node)
        frame.opaque()
        if name not in NON_MUTATING_METHODS:
            frame.mutate_owner(node)
        return made(cls, name)
    if isinstance(known.item, Harmless):
        return catalog_calls.harmless(frame, node, known.item, given)
    returned = catalog_calls.outside(frame, node, known, known.item, given, owner=cls.__name__)
    if known.item.kind == "cpu" and known.item.writes:
        frame.mutate_owner(node)
    return returned


_READERS: dict[type[Any], Callable[..., Value]] = {
    QuerySet: query_calls.on_query,
    Manager: query_calls.on_query,
    Page: query_calls.on_page,
    Template: _on_template,
    Inert: _on_text,
    Instance: on_instance,
    Super: _on_super,
    Form: _on_form,
    Serializer: _on_serializer,
    Items: on_items,
    Mapping: on_mapping,
    Session: on_session,
    Object: _on_object,
    Request: _on_request,
    Live: _on_live,
}
