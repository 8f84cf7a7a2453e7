"""Calls: by what is called, the value that comes back and what it does."""

from __future__ import annotations

import ast
import asyncio
import functools
import types
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Model, Prefetch
from django.db.models import QuerySet as DjangoQuerySet
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.query_utils import Q
from django.forms import BaseForm, ModelChoiceField

from unblocker.survey import (
    catalog_calls,
    form_calls,
    form_fields,
    methods,
    object_state,
    query_calls,
    saving,
    serializers,
)
from unblocker.survey import models as facts
from unblocker.survey.awaitables import (
    combined,
    is_coroutine_function,
    synchronous_form,
    to_thread,
)
from unblocker.survey.callbacks import call_deferred, evaluate_given, show_given
from unblocker.survey.choosing import each
from unblocker.survey.closures import call_closure
from unblocker.survey.harmless import (
    NON_MUTATING_METHODS,
    is_exception,
    is_framework,
    is_harmless,
    module_of,
)
from unblocker.survey.identities import fresh
from unblocker.survey.library_calls import harmless_call
from unblocker.survey.live import known_text
from unblocker.survey.looking import look
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.querysets import Arguments, brought, made_by_class
from unblocker.survey.serializer_fields import is_serializer
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Awaitable,
    Closure,
    Deferred,
    Either,
    Expression,
    Form,
    Inert,
    Instance,
    InThread,
    Live,
    Method,
    Never,
    Object,
    Page,
    Request,
    Super,
    Unknown,
    Value,
)
from unblocker.survey.view_calls import call_view, view_class

if TYPE_CHECKING:
    from unblocker.records.survey import Location
    from unblocker.survey.frame import Frame

_FUNCTION_TYPES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_SHOWING_METHODS = frozenset(
    {"format", "debug", "info", "warning", "error", "exception", "critical", "log"}
)
_EXPRESSIONS = (BaseExpression, Combinable, Q, Prefetch)


def call(frame: Frame, node: ast.expr, callee: Value, given: Arguments) -> Value:
    """What the call returns; what it does, or does when it is awaited, is put on record at `node`."""
    if not is_coroutine_function(callee):
        return _call(frame, node, callee, given)
    returned = _call(frame, node, synchronous_form(callee) or callee, given)
    return returned if isinstance(returned, Awaitable) else Awaitable(returned)


def _call(frame: Frame, node: ast.expr, callee: Value, given: Arguments) -> Value:
    match callee:
        case Either(choices=choices):
            return each(frame, choices, lambda one: _call(frame, node, one, given))
        case Never():
            return NEVER
        case Inert():
            return _call_data(frame, node, given)
        case Live(target=target):
            return _call_live(frame, node, target, given)
        case Method():
            return methods.call_method(frame, node, callee, given)
        case InThread(callee=inner):
            with frame.elsewhere(node):
                return _call(frame, node, inner, given)
        case Deferred():
            return call_deferred(frame, node, callee, given)
        case Closure():
            return call_closure(frame, node, callee, given)
        case Object(cls=cls) if frame.world.owns(cls):
            return methods.call_method(frame, node, Method(callee, "__call__"), given)
        case _:
            return unknown_call(frame, node)


def _call_data(frame: Frame, node: ast.expr, given: Arguments) -> Value:
    frame.opaque()
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and function.attr not in NON_MUTATING_METHODS:
        frame.mutate(function.value)
    evaluate_given(frame, node, given)
    if isinstance(function, ast.Attribute) and function.attr in _SHOWING_METHODS:
        show_given(frame, node, given)
    return INERT


def _call_live(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value:
    if target is super:
        return _super(frame)
    known = catalog_calls.function_call(frame, node, target, given)
    if known is not None:
        return known
    awaitable = _awaitable(frame, node, target, given)
    if awaitable is not None:
        return awaitable
    if isinstance(target, type):
        return _construct(frame, node, target, given)
    return _call_function(frame, node, target, given)


def _call_function(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value:
    if isinstance(target, functools.partial):
        inner = Live(target.func)
        return call(frame, node, inner, Arguments((), {}, open=True))
    view = view_class(target)
    if view is not None:
        return call_view(frame, node, target, view, given)
    if frame.follows(target) or frame.world.stand_in(target):
        receiver = _class_receiver(target)
        return invoke(frame, node, target, given, receiver=receiver)
    if _is_expression_function(target):
        return _expression(frame, given)
    if is_harmless(target):
        return harmless_call(frame, node, target, given)
    if type(target) in _FUNCTION_TYPES:
        return unknown_call(frame, node)
    return methods.call_method(frame, node, Method(Live(target), "__call__"), given)


def _awaitable(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value | None:
    """What a function of asyncio's or asgiref's makes of what it is given; None for any other function."""
    if not to_thread(target):
        together = combined(target, given)
        if together is not None:
            frame.opaque()
        return together
    frame.opaque()
    function = given.positional[0] if given.positional else UNKNOWN
    if target is not asyncio.to_thread:
        return InThread(function) if given.positional else UNKNOWN
    with frame.elsewhere(node):
        rest = Arguments(given.positional[1:], given.keywords, given.open)
        return _call(frame, node, function, rest)


def _class_receiver(target: object) -> Value | None:
    owner = look(target, "__self__")
    return Live(owner) if isinstance(owner, type) else None


def _super(frame: Frame) -> Value:
    first = frame.parameters[0] if frame.parameters else ""
    if frame.owner is None or not frame.has_value(first):
        return UNKNOWN
    return Super(frame.owner, frame.value(first))


def _is_expression_function(target: object) -> bool:
    return bool(look(target, "__module__") == "django.db.models.expressions")


def _construct(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    identity = frame.identity(node)
    if issubclass(cls, Model):
        frame.opaque()
        query_calls.look_up(frame, node, given)
        files = saving.given_files(cls, given.keywords)
        return Instance(cls, identity, _unset(cls, given), files=files)
    if issubclass(cls, _EXPRESSIONS):
        return _expression(frame, given)
    frame.opaque()
    if issubclass(cls, Paginator):
        return Page(given.get(0, "object_list") or UNKNOWN, paginator=True)
    if issubclass(cls, DjangoQuerySet):
        return made_by_class(cls, given, identity)
    if issubclass(cls, BaseForm | ModelChoiceField):
        return _of_forms(frame, node, cls, given)
    if is_serializer(cls):
        return serializers.make(frame, node, cls, given)
    if is_exception(cls):
        evaluate_given(frame, node, given)
        return INERT
    if frame.world.owns(cls) or is_framework(module_of(cls)):
        return _project_object(frame, node, cls, given)
    if is_harmless(cls):
        return harmless_call(frame, node, cls, given)
    unknown_call(frame, node)
    return Object(cls, identity)


def _unset(model: type[Model], given: Arguments) -> frozenset[str]:
    """The foreign keys of a new instance that ask no database: not set, or set to an instance."""
    if given.open or given.positional:
        return frozenset(
            name for name, value in given.keywords.items() if isinstance(value, Instance)
        )
    names = facts.forward_relations(model)
    return frozenset(name for name in names if f"{name}_id" not in given.keywords)


def _project_object(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    made = Object(cls, frame.identity(node))
    initializer = look(cls, "__init__")
    if isinstance(initializer, types.FunctionType) and frame.world.owns(initializer):
        return invoke(frame, node, initializer, given, receiver=made)
    return _with_fields(frame, made, given)


def _choice(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    made = form_fields.made(cls, given, frame.identity(node))
    initializer = look(cls, "__init__")
    if isinstance(initializer, types.FunctionType) and frame.world.owns(initializer):
        return invoke(frame, node, initializer, given, receiver=made)
    return made


def _with_fields(frame: Frame, made: Object, given: Arguments) -> Value:
    cls = made.cls
    names = _names(cls, "__dataclass_fields__") or _names(cls, "_fields")
    fields = {**dict(zip(names, given.positional, strict=False)), **given.keywords}
    for name, value in fields.items():
        frame.world.assign_attribute(cls, name, fresh(value, f"{cls.__qualname__}.{name}"))
    return object_state.made(made, fields)


def _names(cls: type, listing: str) -> list[str]:
    """The names that a class attribute holds, as data classes and named tuples list their fields."""
    found = look(cls, listing)
    return [str(name) for name in found] if isinstance(found, dict | tuple) else []


def _of_forms(
    frame: Frame, node: ast.expr, cls: type[BaseForm | ModelChoiceField[Any]], given: Arguments
) -> Value:
    if issubclass(cls, BaseForm):
        return _form(frame, node, cls, given)
    return _choice(frame, node, cls, given)


def _form(frame: Frame, node: ast.expr, cls: type[BaseForm], given: Arguments) -> Value:
    instance = given.keywords.get("instance")
    model = getattr(getattr(cls, "_meta", None), "model", None)
    edits = instance is not None
    if instance is None:
        identity = frame.identity(node)
        instance = Instance(model, identity, facts.forward_relations(model)) if model else UNKNOWN
    made = Form(cls, instance, edits)
    initializer = cls.__init__
    if frame.world.owns(initializer):
        invoke(frame, node, initializer, given, receiver=made)
    else:
        _keep_given(frame, cls, given)
        form_calls.fill_in(frame, node, made)
    return made


def _keep_given(frame: Frame, cls: type[BaseForm], given: Arguments) -> None:
    """Forms of Django's that are made for a user or a request keep it under the parameter's name."""
    code = cls.__init__.__code__
    for at, name in enumerate(code.co_varnames[1 : code.co_argcount]):
        value = given.get(at, name)
        if isinstance(value, Instance | Request):
            kept = fresh(value, f"{cls.__qualname__}.{name}")
            frame.world.assign_attribute(cls, name, kept)


def _expression(frame: Frame, given: Arguments) -> Expression:
    lookups: set[str] = set(given.keywords)
    tables: set[Location] = set()
    for value in given.values():
        text = known_text(value)
        if text is not None:
            lookups.add(text)
        if isinstance(value, Expression):
            lookups |= value.lookups
        if isinstance(value, Unknown):
            frame.opaque()
        tables |= brought(value)
    return Expression(frozenset(lookups), frozenset(tables))
