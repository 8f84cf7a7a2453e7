"""The decorators that stand on a function or a class in its file."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.records.survey import Decorator
from unblocker.survey.decorators import classify
from unblocker.survey.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from unblocker.survey.class_views import Statement
    from unblocker.survey.sources import Source
    from unblocker.survey.world import Code, World


@dataclass(frozen=True, slots=True)
class _Header:
    """Where decorators stand, and what the names in them mean there."""

    world: World
    source: Source
    namespace: Mapping[str, object]


def source_decorators(world: World, code: Code) -> tuple[Decorator, ...]:
    """Those on a function, outermost first."""
    return _told(_Header(world, code.source, code.namespace), code.node.decorator_list)


def class_decorators(world: World, statement: Statement, cls: type) -> tuple[Decorator, ...]:
    """Those on a view's class, outermost first: with `method_decorator`, they go around a method of it."""
    node = statement.source.classes[cls.__qualname__]
    module = sys.modules[cls.__module__]
    return _told(_Header(world, statement.source, vars(module)), node.decorator_list)


def _told(header: _Header, nodes: Sequence[ast.expr]) -> tuple[Decorator, ...]:
    return tuple(one for node in nodes for one in _decorators(header, node))


def _decorators(header: _Header, node: ast.expr) -> Iterator[Decorator]:
    """The decorator; of a `method_decorator`, those that it was given."""
    called = node.func if isinstance(node, ast.Call) else node
    is_for_methods = ast.unparse(called).endswith("method_decorator")
    if is_for_methods and isinstance(node, ast.Call) and node.args:
        first = node.args[0]
        for one in first.elts if isinstance(first, ast.List | ast.Tuple) else [first]:
            yield _decorator(header, one, node)
    else:
        yield _decorator(header, called, node)


def _decorator(header: _Header, named: ast.expr, node: ast.expr) -> Decorator:
    target = _resolve(header.namespace, named)
    name = ast.unparse(named.func if isinstance(named, ast.Call) else named)
    place = header.source.place(node)
    if target is None:
        return Decorator(name, "unknown", place)
    return Decorator(_dotted(target, name), classify(target, header.world.sources.owns), place)


def _dotted(target: object, name: str) -> str:
    """The decorator's name with the module that it is imported from."""
    last = name.rpartition(".")[2]
    module = look(target, "__module__")
    if module == "django.utils.decorators":
        offered = (key for key in list(sys.modules) if key.startswith("django.views.decorators."))
        module = next(
            (key for key in offered if vars(sys.modules[key]).get(last) is target), module
        )
    return f"{module}.{last}" if isinstance(module, str) else name


def _resolve(namespace: Mapping[str, object], node: ast.expr) -> object | None:
    match node:
        case ast.Name(id=name):
            return namespace.get(name)
        case ast.Attribute(value=value, attr=name):
            owner = _resolve(namespace, value)
            return look(owner, name) if owner is not None else None
        case ast.Call(func=function):
            return _resolve(namespace, function)
        case _:
            return None
