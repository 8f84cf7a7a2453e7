"""Reading async functions with everything that the evaluator knows, whoever calls them."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.handlers.asgi import ASGIRequest
from django.db.models import Manager, Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest

from unblocker.survey import models as facts
from unblocker.survey.environment import Environment
from unblocker.survey.frame import Frame
from unblocker.survey.functions import read_nested
from unblocker.survey.joining import join_all
from unblocker.survey.looking import static_attribute
from unblocker.survey.names import parameters
from unblocker.survey.seen import Observed, Outcome, Record
from unblocker.survey.statements import read_step
from unblocker.survey.values import (
    UNKNOWN,
    Form,
    Instance,
    Items,
    Live,
    Mapping,
    Object,
    Request,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from unblocker.survey.sources import Definition, Source
    from unblocker.survey.world import Summary, World

type Reading = tuple[ast.AsyncFunctionDef, Observed]


def read_async_functions(world: World, source: Source, module: ModuleType) -> Iterator[Reading]:
    """Every async function of the module with what its expressions are and do, nested ones after those around them."""
    for owner, node in _outermost(source.tree, module):
        if _holds_async(node):
            yield from _read(_frame(world, source, module, owner, node), node)


def _outermost(
    tree: ast.Module | ast.ClassDef, holder: object
) -> Iterator[tuple[type | None, Definition]]:
    """The functions of the module and of its classes, each with its live class."""
    for node in _statements(tree):
        if isinstance(node, ast.ClassDef):
            inner = static_attribute(holder, node.name)
            if isinstance(inner, type):
                yield from _outermost(node, inner)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield holder if isinstance(holder, type) else None, node


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """What is defined directly in a body, inside `if` and `try` too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _statements(child)


def _holds_async(node: Definition) -> bool:
    return any(isinstance(inner, ast.AsyncFunctionDef) for inner in ast.walk(node))


def _read(frame: Frame, node: Definition) -> Iterator[Reading]:
    for statement in node.body:
        read_step(frame, statement)
    if isinstance(node, ast.AsyncFunctionDef) and frame.observed is not None:
        yield node, frame.observed
    for statement in node.body:
        for inner in _statements(ast.Module([statement], [])):
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and _holds_async(inner):
                yield from _read(_inside(frame, inner), inner)


def _frame(
    world: World, source: Source, module: ModuleType, owner: type | None, node: Definition
) -> Frame:
    frame = Frame(
        world,
        source,
        vars(module),
        source.local_names(node),
        parameters(node.args),
        owner=owner,
        nested_reader=read_nested,
        observed=Observed(),
    )
    seen = [one for one in world.summaries.values() if one.code.node is node and one.rounds]
    for name, value in (_passed(seen) if seen else _assumed(frame, owner, node)).items():
        frame.bind(name, value)
    return frame


def _inside(outer: Frame, node: Definition) -> Frame:
    """A nested function's frame: it sees the variables around it as the function around it leaves them."""
    frame = replace(
        outer,
        locals=outer.locals | outer.source.local_names(node),
        parameters=parameters(node.args),
        env=Environment(dict(outer.env.values)),
        record=Record(),
        outcome=Outcome(),
        roots={},
        exits=[],
        jumps=[],
        fetchers={},
        observed=Observed(),
        nesting=outer.nesting + 1,
    )
    for name, value in _assumed(frame, None, node).items():
        frame.bind(name, value)
    return frame


def _passed(summaries: list[Summary]) -> dict[str, Value]:
    """What the function is called with. `login_required` awaits `auser()`: it does not read `request.user`."""
    names = dict.fromkeys(name for summary in summaries for name in summary.parameters)
    found = {}
    for name in names:
        value = join_all([summary.parameters.get(name, UNKNOWN) for summary in summaries])
        if isinstance(value, Request):
            value = replace(value, fetched=value.fetched - {"user"})
        found[name] = value
    return found


def _assumed(frame: Frame, owner: type | None, node: Definition) -> dict[str, Value]:
    """What parameters hold where no caller was seen: by their annotation, `self`, and `request`."""
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found = {one.arg: _by_annotation(frame, one) for one in given}
    if arguments.vararg:
        found[arguments.vararg.arg] = Items(UNKNOWN)
    if arguments.kwarg:
        found[arguments.kwarg.arg] = Mapping((), UNKNOWN)
    if owner is not None and given:
        kind = static_attribute(owner, node.name)
        if isinstance(kind, classmethod):
            found[given[0].arg] = Live(owner)
        elif not isinstance(kind, staticmethod):
            found[given[0].arg] = _receiver(owner, given[0].arg)
    return found


def _by_annotation(frame: Frame, argument: ast.arg) -> Value:
    cls = _class(frame, argument.annotation)
    if cls is None:
        is_request = argument.arg == "request" and argument.annotation is None
        return Request(argument.arg) if is_request else UNKNOWN
    if issubclass(cls, HttpRequest | ASGIRequest):
        return Request(argument.arg)
    return _instance(cls, argument.arg) if issubclass(cls, Model) else UNKNOWN


def _class(frame: Frame, annotation: ast.expr | None) -> type | None:
    match annotation:
        case ast.Constant(value=str(text)) if text.isidentifier():
            found = frame.namespace.get(text)
        case ast.Name(id=name):
            found = frame.namespace.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            found = static_attribute(frame.namespace.get(module), name)
        case _:
            return None
    return found if isinstance(found, type) else None


def _receiver(owner: type, name: str) -> Value:
    if issubclass(owner, Model):
        return _instance(owner, name)
    if issubclass(owner, BaseForm):
        return Form(owner, UNKNOWN)
    return UNKNOWN if issubclass(owner, QuerySet | Manager) else Object(owner)


def _instance(model: type[Model], name: str) -> Value:
    """An instance from somewhere: what of it is loaded is not known, so nothing is said of its relations."""
    relations = facts.relations(model).items()
    single = frozenset(key for key, relation in relations if relation.kind != "many")
    return Instance(model, name, single)
