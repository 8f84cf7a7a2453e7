"""Module-level objects that the project's functions change: whoever reads one may depend on who wrote it."""

from __future__ import annotations

import ast
import sys
from collections import deque
from dataclasses import dataclass
from inspect import signature
from types import FunctionType
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey.blocks import binding_parts
from unblocker.survey.lines import lines_with, nodes_at
from unblocker.survey.looking import is_a
from unblocker.survey.names import root_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from unblocker.survey.sources import Definition, Source, Sources

_CHANGING = frozenset(
    {
        "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update",
        "setdefault", "popitem", "appendleft", "popleft", "difference_update", "intersection_update",
    }
)  # fmt: skip
_CONTAINERS = (list, dict, set, deque)


@dataclass(frozen=True, slots=True)
class SharedState:
    """The names (`module.NAME`) of what functions change, by the object's identity and by where it is bound."""

    by_identity: dict[int, str]
    rebound: frozenset[str]

    def location(self, namespace: Mapping[str, object], name: str) -> Location | None:
        """What reading `name` of this module reads, if functions of the project change it."""
        own = f"{namespace.get('__name__', '')}.{name}"
        found = self.by_identity.get(id(namespace.get(name)))
        if own in self.rebound:
            found = own
        return Location("global", found) if found else None


def keeps_default(function: object, name: str) -> bool:
    """Whether the parameter's default is an object that a call can change for the calls after it."""
    if not isinstance(function, FunctionType):
        return False
    parameter = signature(function, follow_wrapped=False).parameters.get(name)
    return parameter is not None and isinstance(parameter.default, _CONTAINERS)


def find_shared_state(sources: Sources) -> SharedState:
    """Look through the functions of every loaded module of the project."""
    by_identity: dict[int, str] = {}
    rebound: set[str] = set()
    for module_name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        source = (
            sources.read(path) if path and path.endswith(".py") and sources.owns(path) else None
        )
        if source is None:
            continue
        rebound |= {f"{module_name}.{name}" for name in _bound_anew(source)}
        for name, by_method in _changed(source, vars(module)):
            target = vars(module)[name]
            if isinstance(target, _CONTAINERS) or not by_method:
                by_identity.setdefault(id(target), _name(target, f"{module_name}.{name}"))
    return SharedState(by_identity, frozenset(rebound))


def _name(target: object, bound_as: str) -> str:
    return f"{target.__module__}.{target.__qualname__}" if isinstance(target, type) else bound_as


def _bound_anew(source: Source) -> Iterator[str]:
    lines = lines_with(source, {"global"})
    for _, function in source.definitions.values() if lines else ():
        for node in nodes_at(function, lines):
            if isinstance(node, ast.Global):
                yield from node.names


def _changed(source: Source, module: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    """Names of the module whose object a function changes, and whether it does so by calling a method."""
    containers = {name for name, value in module.items() if is_a(value, *_CONTAINERS)}
    lines = lines_with(source, containers)
    for _, function in source.definitions.values():
        found = [(root_name(holder), False) for holder in _assigned_into(function)]
        if lines:
            found += [(root_name(holder), True) for holder in _told_to_change(function, lines)]
        known = [(name, how) for name, how in found if name and module.get(name) is not None]
        own = source.local_names(function) if known else frozenset[str]()
        yield from ((name, how) for name, how in known if name not in own)


def _told_to_change(function: Definition, lines: Sequence[int]) -> Iterator[ast.expr]:
    """What the function calls a changing method of, at these lines."""
    for node in nodes_at(function, lines):
        match node:
            case ast.Call(func=ast.Attribute(value=holder, attr=name)) if name in _CHANGING:
                yield holder


def _assigned_into(function: Definition) -> Iterator[ast.expr]:
    """What the function's statements, inner functions' too, assign items or attributes of."""
    waiting: list[ast.AST] = [function]
    for node in waiting:
        waiting += binding_parts(node)
        if isinstance(node, ast.Subscript | ast.Attribute):
            yield node.value
