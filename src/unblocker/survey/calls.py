"""Calls: by what is called, the value that comes back and what it does."""

from __future__ import annotations

import ast
import functools
import types
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Model, Prefetch
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.query_utils import Q
from django.forms import BaseForm

from unblocker.survey import catalog_calls, methods, query_calls
from unblocker.survey.effects import elements, present
from unblocker.survey.harmless import (
    MUTATING_FUNCTIONS,
    NON_MUTATING_METHODS,
    is_exception,
    is_harmless,
)
from unblocker.survey.live import known_text
from unblocker.survey.project_calls import invoke, mutate_arguments, unknown_call
from unblocker.survey.querysets import Arguments, brought
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Deferred,
    Expression,
    Form,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Method,
    Never,
    Object,
    Page,
    QuerySet,
    Super,
    Unknown,
    Value,
    fresh,
)

if TYPE_CHECKING:
    from unblocker.records.survey import Location
    from unblocker.survey.frame import Frame

_FUNCTION_TYPES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_EXPRESSIONS = (BaseExpression, Combinable, Q, Prefetch)
_KEEP_ELEMENTS = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "filter"}
)
_ONE_ELEMENT = frozenset({"min", "max", "next"})
_PASS_ON = frozenset({"copy", "deepcopy", "method_decorator"})


def call(frame: Frame, node: ast.expr, callee: Value, given: Arguments) -> Value:
    """What the call returns; what it does is put on record at `node`."""
    match callee:
        case Never():
            return NEVER
        case Inert():
            return _call_data(frame, node, given)
        case Live(target=target):
            return _call_live(frame, node, target, given)
        case Method():
            return methods.call_method(frame, node, callee, given)
        case Deferred():
            return call_deferred(frame, node, callee, given)
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
    return INERT


def _call_live(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value:
    if target is super:
        return _super(frame)
    known = catalog_calls.function_call(frame, node, target, given)
    if known is not None:
        return known
    if isinstance(target, type):
        return _construct(frame, node, target, given)
    if isinstance(target, functools.partial):
        inner = Live(target.func)
        return call(frame, node, inner, Arguments((), {}, open=True))
    if frame.world.owns(target):
        receiver = _class_receiver(target)
        return invoke(frame, node, target, given, receiver=receiver)
    if _is_expression_function(target):
        return _expression(frame, given)
    if is_harmless(target):
        return _harmless(frame, node, target, given)
    if type(target) in _FUNCTION_TYPES:
        return unknown_call(frame, node)
    return methods.call_method(frame, node, Method(Live(target), "__call__"), given)


def _class_receiver(target: object) -> Value | None:
    owner = getattr(target, "__self__", None)
    return Live(owner) if isinstance(owner, type) else None


def _super(frame: Frame) -> Value:
    first = frame.parameters[0] if frame.parameters else ""
    if frame.owner is None or not frame.has_value(first):
        return UNKNOWN
    return Super(frame.owner, frame.value(first))


def _is_expression_function(target: object) -> bool:
    return getattr(target, "__module__", "") == "django.db.models.expressions"


def _construct(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    identity = frame.identity(node)
    if issubclass(cls, Model):
        frame.opaque()
        names = {name for name, value in given.keywords.items() if isinstance(value, Instance)}
        query_calls.look_up(frame, node, given)
        return Instance(cls, identity, frozenset(names))
    if issubclass(cls, _EXPRESSIONS):
        return _expression(frame, given)
    frame.opaque()
    if issubclass(cls, Paginator):
        return Page(given.get(0, "object_list") or UNKNOWN, paginator=True)
    if issubclass(cls, BaseForm):
        return _form(frame, node, cls, given)
    if is_exception(cls):
        evaluate_given(frame, node, given)
        return INERT
    if frame.world.owns(cls):
        return _project_object(frame, node, cls, given)
    if is_harmless(cls):
        return _harmless(frame, node, cls, given)
    unknown_call(frame, node)
    return Object(cls, identity)


def _project_object(frame: Frame, node: ast.expr, cls: type, given: Arguments) -> Value:
    made = Object(cls, frame.identity(node))
    initializer = getattr(cls, "__init__", None)
    if isinstance(initializer, types.FunctionType) and frame.world.code(initializer):
        invoke(frame, node, initializer, given, receiver=made)
    else:
        _dataclass_fields(frame, cls, given)
    return made


def _dataclass_fields(frame: Frame, cls: type, given: Arguments) -> None:
    names = list(getattr(cls, "__dataclass_fields__", ())) or list(getattr(cls, "_fields", ()))
    for name, value in [*zip(names, given.positional, strict=False), *given.keywords.items()]:
        frame.world.assign_attribute(cls, name, fresh(value, f"{cls.__qualname__}.{name}"))


def _form(frame: Frame, node: ast.expr, cls: type[BaseForm], given: Arguments) -> Value:
    instance = given.keywords.get("instance")
    model = getattr(getattr(cls, "_meta", None), "model", None)
    if instance is None:
        instance = Instance(model, frame.identity(node)) if model else UNKNOWN
    made = Form(cls, instance)
    initializer = cls.__init__
    if frame.world.owns(initializer):
        invoke(frame, node, initializer, given, receiver=made)
    return made


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


def _harmless(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value:
    frame.opaque()
    name = getattr(target, "__name__", "")
    if target is functools.partial:
        return Deferred(node, given.get(0, "func"), given.positional[1:])
    if name in ("isinstance", "issubclass", "type", "callable", "id"):
        return INERT
    if name in ("getattr", "hasattr"):
        return _getattr(frame, node, given)
    if name in MUTATING_FUNCTIONS:
        mutate_arguments(frame, node)
    evaluate_given(frame, node, given)
    return _harmless_result(frame, node, target, name, given)


def _harmless_result(
    frame: Frame, node: ast.expr, target: object, name: str, given: Arguments
) -> Value:
    first = given.positional[0] if given.positional else NEVER
    identity = frame.identity(node)
    match name:
        case "enumerate":
            element = elements(frame, node, first)
            return (
                Items(UNKNOWN, None)
                if not given.positional
                else Items(Items(UNKNOWN, (INERT, element)))
            )
        case "zip" | "product":
            parts = tuple(elements(frame, node, value) for value in given.positional)
            return Items(Items(UNKNOWN, parts))
        case "dict" if isinstance(first, Never):
            return Mapping(tuple(given.keywords.items()), NEVER)
    if name in _KEEP_ELEMENTS:
        source = given.positional[-1] if name == "filter" else first
        return Items(elements(frame, node, source) if given.positional else NEVER)
    if name in _ONE_ELEMENT and given.positional:
        return fresh(elements(frame, node, first), identity)
    if name in _PASS_ON:
        return fresh(first, identity)
    if name == "chain":
        return Items(UNKNOWN) if len(given.positional) != 1 else Items(elements(frame, node, first))
    if isinstance(target, type) and issubclass(target, dict | list | set | tuple):
        return Mapping((), UNKNOWN) if issubclass(target, dict) else Items(UNKNOWN)
    return INERT


def _getattr(frame: Frame, node: ast.expr, given: Arguments) -> Value:
    from unblocker.survey.attributes import attribute

    name = known_text(given.positional[1]) if len(given.positional) > 1 else None
    if name is None or not isinstance(node, ast.Call):
        if given.positional and isinstance(given.positional[0], Instance):
            present(
                frame, node.args[0] if isinstance(node, ast.Call) else node, given.positional[0]
            )
            return UNKNOWN
        return INERT if given.positional and isinstance(given.positional[0], Inert) else UNKNOWN
    return attribute(frame, node, given.positional[0], name)


def evaluate_given(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """Code without I/O of its own looks at its arguments: querysets are read, functions are called."""
    nodes: list[ast.expr] = []
    if isinstance(node, ast.Call):
        nodes = [*node.args, *(keyword.value for keyword in node.keywords)]
    for at, value in enumerate(given.values()):
        where = nodes[at] if at < len(nodes) else node
        _look_at(frame, where, value, given)


def _look_at(frame: Frame, node: ast.expr, value: Value, given: Arguments) -> None:
    match value:
        case QuerySet():
            elements(frame, node, value)
        case Instance(deferred=True):
            present(frame, node, value)
        case Deferred():
            run_callback(frame, node, value, given)
        case Live(target=types.FunctionType() as target) if frame.world.owns(target):
            run_callback(frame, node, value, given)
        case Mapping():
            for _, item in value.entries:
                _look_at(frame, node, item, given)
        case Items(parts=tuple(parts)):
            for part in parts:
                _look_at(frame, node, part, given)


def run_callback(frame: Frame, node: ast.expr, value: Value, given: Arguments) -> None:
    """A function that was handed over is called some time, perhaps often, perhaps not at all."""
    others = [item for item in given.positional if isinstance(item, Items)]
    argument = others[0].element if others else UNKNOWN
    with frame.perhaps(scope="closed"):
        if isinstance(value, Deferred):
            call_deferred(frame, node, value, Arguments((argument,), {}, open=True))
        elif isinstance(value, Live):
            invoke(frame, node, value.target, Arguments((argument,), {}, open=True), implicit=True)


def call_deferred(frame: Frame, node: ast.expr, value: Deferred, given: Arguments) -> Value:
    """Run a lambda, a nested function or a partial."""
    if value.callee is not None:
        whole = Arguments((*value.arguments, *given.positional), given.keywords, given.open)
        return call(frame, node, value.callee, whole)
    if isinstance(value.node, ast.Lambda):
        return _run_lambda(frame, value.node, given)
    if isinstance(value.node, ast.expr):
        return UNKNOWN
    return frame.run_nested(node, value.node)


def _run_lambda(frame: Frame, node: ast.Lambda, given: Arguments) -> Value:
    from unblocker.survey.expressions import evaluate

    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    every = names + [argument.arg for argument in node.args.kwonlyargs]
    with frame.inner(every):
        for at, name in enumerate(every):
            frame.env.values[name] = given.positional[at] if at < len(given.positional) else UNKNOWN
        return evaluate(frame, node.body)
