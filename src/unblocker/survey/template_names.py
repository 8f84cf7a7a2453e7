"""Variables and filters in templates: looked up as Django does, with the queries that this runs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.base import FilterExpression, Variable
from django.template.defaultfilters import stringfilter

from unblocker.survey import form_fields, protocols
from unblocker.survey.attributes import attribute
from unblocker.survey.callbacks import evaluate_given
from unblocker.survey.calls import call
from unblocker.survey.choosing import each
from unblocker.survey.containers import any_value
from unblocker.survey.decorators import code_of
from unblocker.survey.effects import elements, read_rows, row, truth
from unblocker.survey.frame import EXPECTED_ROWS
from unblocker.survey.identities import fresh
from unblocker.survey.joining import join
from unblocker.survey.live import plain_function
from unblocker.survey.operations import operation
from unblocker.survey.operators import known_truth, text_of
from unblocker.survey.querysets import Arguments
from unblocker.survey.sessions import load_session
from unblocker.survey.values import (
    INERT,
    NONE,
    UNKNOWN,
    Deferred,
    Either,
    Form,
    FormField,
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
    Session,
    Value,
    constant,
    element_of,
)

if TYPE_CHECKING:
    from unblocker.survey.template_scope import Scope

_NOTHING = Arguments((), {}, open=False)
_LOOKS_AT_TRUTH = frozenset({"default", "yesno", "pluralize", "default_if_none"})
_KEEPS = frozenset({"safe", "force_escape", "escape", "default_if_none"})


@dataclass(frozen=True, slots=True)
class _Permissions:
    """Marks `perms` in a context."""


def resolve(scope: Scope, expression: Any) -> Value:
    """The value of a filter expression, a variable or a literal."""
    if isinstance(expression, FilterExpression):
        value = resolve(scope, expression.var)
        for function, given in expression.filters:
            arguments = tuple(resolve(scope, item) if is_name else INERT for is_name, item in given)
            value = _filter(scope, expression.token, function, value, arguments)
        return value
    if isinstance(expression, Variable):
        return _variable(scope, expression)
    if isinstance(expression, str | int | float | None):
        return constant(expression)
    return UNKNOWN


def literal(expression: Any) -> str | None:
    """The text of an expression that is a literal without filters."""
    if isinstance(expression, FilterExpression):
        if expression.filters:
            return None
        expression = expression.var
    if isinstance(expression, Variable):
        expression = expression.literal
    return str.__str__(expression) if isinstance(expression, str) else None


def show(scope: Scope, expression: Any) -> None:
    """`{{ expression }}`."""
    before = scope.frame.env.fetched
    value = resolve(scope, expression)
    node = scope.node(str(expression))
    if isinstance(value, Form):
        form_fields.show(scope.frame, node, value.cls)
    elif isinstance(value, FormField):
        form_fields.show(scope.frame, node, value.form, value.name)
    else:
        text_of(scope.frame, node, value)
    scope.note(before)


def check(scope: Scope, expression: Any) -> bool | None:
    """An expression in a condition; whether it holds, where that is known."""
    before = scope.frame.env.fetched
    value = resolve(scope, expression)
    truth(scope.frame, scope.node(str(expression)), value)
    scope.note(before)
    return known_truth(value)


def _variable(scope: Scope, variable: Variable) -> Value:
    if variable.lookups is None:
        return (
            constant(variable.literal) if isinstance(variable.literal, str | int | float) else INERT
        )
    first, *rest = variable.lookups
    value = scope.lookup(first)
    if value is None:
        return NONE if scope.whole else INERT
    if first == "perms" and rest:
        return _permissions(scope, str(variable))
    text = first
    value = _called(scope, text, value)
    for name in rest:
        value = _step(scope, text, value, name)
        text = f"{text}.{name}"
        value = _called(scope, text, value)
    return value


def _permissions(scope: Scope, text: str) -> Value:
    frame = scope.frame
    if frame.fetch("perms"):
        reads = frame.world.facts.permission_reads
        frame.operate(
            scope.node(text),
            operation("django_auth.permissions", "query", "perms", reads=reads, implicit=True),
        )
    return INERT


def _step(scope: Scope, text: str, value: Value, name: str) -> Value:
    """One dot: an item, an attribute or an index, in Django's order."""
    frame = scope.frame
    whole = scope.node(f"{text}.{name}")
    match value:
        case Mapping():
            found = value.get(name)
            if not isinstance(found, Never):
                return fresh(found, f"{frame.identity(whole)}")
            return Method(value, name)
        case Items() if name.isdigit():
            return fresh(value.element, frame.identity(whole))
        case QuerySet() if name.isdigit():
            if not value.evaluated and not frame.is_fetched(value.identity):
                label = f"{value.model.__name__}[{name}]"
                frame.operate(
                    whole,
                    operation(
                        "django_orm.index", "query", label, reads=value.tables, implicit=True
                    ),
                )
            return row(value, frame.identity(whole))
        case Session():
            load_session(frame, whole, value)
            return INERT
        case Form() if name in getattr(value.cls, "base_fields", {}):
            return FormField(value.cls, name)
    owner = scope.node(text)
    node = ast.copy_location(ast.Attribute(owner, name, ast.Load()), whole)
    return attribute(frame, node, value, name)


def _called(scope: Scope, text: str, value: Value) -> Value:
    """Django calls what can be called, managers and model classes apart."""
    if not isinstance(value, Method | Deferred | Live):
        return value
    if isinstance(value, Live) and (isinstance(value.target, type) or not callable(value.target)):
        return value
    if isinstance(value, Method) and value.name == "items" and isinstance(value.receiver, Mapping):
        return (
            Items(UNKNOWN, None)
            if value.receiver.rest == UNKNOWN
            else Items(Items(UNKNOWN, (INERT, any_value(value.receiver))))
        )
    return call(scope.frame, scope.node(text), value, _NOTHING)


def _filter(
    scope: Scope, text: str, function: Any, value: Value, arguments: tuple[Value, ...]
) -> Value:
    frame, node = scope.frame, scope.node(text)
    if isinstance(value, Either):
        return each(
            frame, value.choices, lambda one: _filter(scope, text, function, one, arguments)
        )
    if isinstance(value, Instance) and _is_for_texts(function):
        text_of(frame, node, value)
        value = INERT
    if frame.world.owns(function):
        return call(frame, node, Live(function), Arguments((value, *arguments), {}, open=False))
    name = getattr(plain_function(function), "__name__", "")
    return _library_filter(scope, node, name, value, arguments)


def _library_filter(
    scope: Scope, node: ast.expr, name: str, value: Value, arguments: tuple[Value, ...]
) -> Value:
    frame = scope.frame
    if isinstance(value, Page) and isinstance(value.items, QuerySet):
        value = value.items
    if isinstance(value, QuerySet):
        return _filter_rows(scope, node, name, value, arguments)
    if name in _LOOKS_AT_TRUTH:
        truth(frame, node, value)
        return join(value, arguments[0]) if name == "default" and arguments else INERT
    if name in _KEEPS:
        return value
    if name in ("first", "last", "random") or name == "slice_filter":
        return fresh(element_of(value), frame.identity(node)) if name != "slice_filter" else value
    if not isinstance(value, Inert):
        evaluate_given(frame, node, Arguments((value,), {}, open=False))
    if name == "join":
        _join(scope, node, element_of(value))
    return value if isinstance(value, Items) and name.startswith("dictsort") else INERT


def _filter_rows(
    scope: Scope, node: ast.expr, name: str, value: QuerySet, arguments: tuple[Value, ...]
) -> Value:
    frame = scope.frame
    if name == "slice_filter":
        return value
    if name == "first":
        return row(value, frame.identity(node))
    if name in _LOOKS_AT_TRUTH:
        truth(frame, node, value)
        return join(value, arguments[0]) if name == "default" and arguments else INERT
    if name in ("length", "length_is"):
        read_rows(frame, node, value, "iterate", "length of")
        return INERT
    element = elements(frame, node, value)
    if name == "join":
        _join(scope, node, element)
    return Items(element) if name.startswith("dictsort") else INERT


def _is_for_texts(function: Any) -> bool:
    """Whether Django makes a text of what the filter is given: it stands under `@stringfilter`."""
    code = code_of(function)
    return code is not None and code.co_qualname.startswith(f"{stringfilter.__name__}.")


def _join(scope: Scope, node: ast.expr, element: Value) -> None:
    """`rows|join:", "`: the text of each."""
    if isinstance(element, Instance):
        with scope.perhaps(EXPECTED_ROWS):
            text_of(scope.frame, node, element)


def loop_over(scope: Scope, expression: Any) -> tuple[Value, Value]:
    """The sequence of a loop, and what one round of it holds."""
    with scope.noting():
        value = resolve(scope, expression)
        node = scope.node(str(expression))
        if isinstance(value, FormField):
            form_fields.show(scope.frame, node, value.form, value.name)
            return value, INERT
        if isinstance(value, Object) and protocols.is_own(scope.frame, value, "__len__"):
            protocols.length(scope.frame, node, value)
        element = elements(scope.frame, node, value)
        if isinstance(value, QuerySet) and ("for", value.identity) not in scope.path:
            element = fresh(element, f"{value.identity}[]")
        return value, element


PERMISSIONS = Object(_Permissions)
