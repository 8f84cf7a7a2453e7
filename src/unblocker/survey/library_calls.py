"""Calls of library code that does no I/O: what comes back, and what it looks at."""

from __future__ import annotations

import ast
import functools
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import LazySettings, settings
from django.template.context import Context

from unblocker.survey import protocols
from unblocker.survey.callbacks import evaluate_given, show_given, with_nodes
from unblocker.survey.choosing import each
from unblocker.survey.effects import elements, present
from unblocker.survey.harmless import MUTATING_FUNCTIONS
from unblocker.survey.identities import fresh
from unblocker.survey.joining import join
from unblocker.survey.live import known_text, value_of
from unblocker.survey.looking import look
from unblocker.survey.project_calls import mutate_arguments
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Constant,
    Deferred,
    Either,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Never,
    Object,
    QuerySet,
    Value,
    constant,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame

_KEEP_ELEMENTS = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "filter"}
)
_ONE_ELEMENT = frozenset({"min", "max", "next"})
_PASS_ON = frozenset({"copy", "deepcopy", "method_decorator"})
_AS_TEXT = frozenset({"str", "repr", "format", "print", "format_html"})
_ABOUT_KINDS = frozenset({"isinstance", "issubclass", "type", "callable", "id"})
_ASKING = frozenset({"len", "bool"})
_SHOWING = _AS_TEXT | {"HttpResponse", "HttpResponseBadRequest"}


def harmless_call(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value:
    """What a function or class returns that does no I/O by itself."""
    frame.opaque()
    name = str(look(target, "__name__", ""))
    if target is functools.partial:
        return Deferred(node, frame.home, given.get(0, "func"), given.positional[1:])
    if name in _ABOUT_KINDS:
        _rows_in_a_list(frame, node, given)
        return INERT
    if name in ("getattr", "hasattr"):
        return _getattr(frame, node, given, is_question=name == "hasattr")
    if name in MUTATING_FUNCTIONS:
        mutate_arguments(frame, node)
    if target is dict:
        evaluate_given(frame, node, _unpacked(given))
    elif name not in _AS_TEXT and name != "setattr":
        evaluate_given(frame, node, given)
    if name in _SHOWING:
        show_given(frame, node, given)
    if name in _ASKING:
        _ask(frame, node, name, given)
    return _harmless_result(frame, node, target, name, given)


def _rows_in_a_list(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """Where `isinstance(rows, list)` holds, no query is needed to go through them."""
    match given.positional:
        case (QuerySet(identity=identity), Live(target=type() as cls)) if cls in (list, tuple, set):
            frame.passed[node, True] = frozenset({identity})


def _ask(frame: Frame, node: ast.expr, name: str, given: Arguments) -> None:
    """`len(value)` and `bool(value)` ask the class of an object of the project's own."""
    for where, value in with_nodes(node, given):
        if isinstance(value, Object) and frame.world.owns(value.cls):
            ask = protocols.length if name == "len" else protocols.truth
            ask(frame, where, value)


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
        case "dict" if len(given.positional) < 2:
            return _dict(first, given)
    if name in _KEEP_ELEMENTS:
        source = given.positional[-1] if name == "filter" else first
        return Items(elements(frame, node, source) if given.positional else NEVER)
    if name in _ONE_ELEMENT and given.positional:
        return fresh(elements(frame, node, first), identity)
    if name in _PASS_ON:
        return fresh(first, identity)
    if name == "chain":
        return Items(UNKNOWN) if len(given.positional) != 1 else Items(elements(frame, node, first))
    return _made(target, given) if isinstance(target, type) else INERT


def _made(cls: type, given: Arguments) -> Value:
    """The instance that a class of a library makes."""
    if issubclass(cls, PurePath):
        return Object(cls)
    if issubclass(cls, Context):
        return _context(cls, given)
    if issubclass(cls, dict | list | set | tuple):
        return Mapping((), UNKNOWN) if issubclass(cls, dict) else Items(UNKNOWN)
    return INERT


def _context(cls: type, given: Arguments) -> Mapping:
    """`Context(names)`, `RequestContext(request, names)`: to the latter the engine adds names of its own."""
    names = given.get(0 if cls is Context else 1, "dict_")
    found = (
        names if isinstance(names, Mapping) else Mapping((), NEVER if names is None else UNKNOWN)
    )
    return found if cls is Context else Mapping(found.entries, UNKNOWN)


def _unpacked(given: Arguments) -> Arguments:
    """What `dict(…)` looks into: no value that it only holds."""
    pairs = tuple(value for value in given.positional if not isinstance(value, Mapping))
    return Arguments(pairs, {}, open=False)


def _dict(first: Value, given: Arguments) -> Mapping:
    """`dict(first, name=…)`: what is given by name is known, whatever else there is."""
    entries: dict[Constant, Value] = dict(first.entries) if isinstance(first, Mapping) else {}
    entries.update(given.keywords)
    rest = first.rest if isinstance(first, Mapping) else _in_dict(first)
    if given.open:
        rest = join(rest, given.rest)
    return Mapping(tuple(entries.items()), rest)


def _in_dict(value: Value) -> Value:
    """What the values are of a dictionary that is made of this."""
    return value if isinstance(value, Never | Inert) else UNKNOWN


def _getattr(frame: Frame, node: ast.expr, given: Arguments, *, is_question: bool) -> Value:
    from unblocker.survey.attributes import attribute

    owner = given.positional[0] if given.positional else UNKNOWN
    named = given.positional[1] if len(given.positional) > 1 else None
    if isinstance(named, Never):
        return NEVER
    if isinstance(named, Inert) and named.either and isinstance(owner, Instance | Either):
        names = tuple(constant(text) for text in sorted(named.either))
        return each(frame, names, lambda one: _attribute_of(frame, node, owner, one))
    name = known_text(given.positional[1]) if len(given.positional) > 1 else None
    first = given.positional[0] if given.positional else None
    if name is None and isinstance(first, Object) and first.role is not None:
        name = first.role.handler  # a dispatch of its own: getattr(self, request.method.lower())
    is_asked = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr"
    if is_asked and isinstance(first, Object) and first.role is not None:
        return INERT
    if name is None or not isinstance(node, ast.Call):
        if isinstance(owner, Instance):
            present(frame, node.args[0] if isinstance(node, ast.Call) else node, owner)
            return UNKNOWN
        return INERT if isinstance(owner, Inert) else UNKNOWN
    if isinstance(owner, Live) and isinstance(owner.target, LazySettings):
        return _setting(given, name, is_question=is_question)
    return attribute(frame, node, owner, name)


def _attribute_of(frame: Frame, node: ast.expr, owner: Value, name: Value) -> Value:
    """`getattr(owner, name)` for one of the names; of several models' instances it is asked of those that have it."""
    from unblocker.survey.attributes import attribute

    text = known_text(name)
    return attribute(frame, node, owner, text) if text is not None else UNKNOWN


def _setting(given: Arguments, name: str, *, is_question: bool) -> Value:
    """A setting of the loaded project, or the default; or whether there is one."""
    is_set = hasattr(settings, name)
    if is_question:
        return constant(is_set)
    if is_set:
        return value_of(getattr(settings, name))
    return given.positional[2] if len(given.positional) > 2 else NEVER
