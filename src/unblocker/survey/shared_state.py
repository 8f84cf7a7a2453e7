"""Module-level objects that the project's functions change: whoever reads one may depend on who wrote it."""

from __future__ import annotations

import ast
import sys
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey.names import local_names, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from unblocker.survey.sources import Definition, Sources

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


def find_shared_state(sources: Sources) -> SharedState:
    """Look through the functions of every loaded module of the project."""
    by_identity: dict[int, str] = {}
    rebound: set[str] = set()
    for module_name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        source = (
            sources.read(path) if path and path.endswith(".py") and sources.owns(path) else None
        )
        for _, function in source.definitions.values() if source else ():
            rebound |= {f"{module_name}.{name}" for name in _bound_anew(function)}
            for name, by_method in _changed(function):
                target = vars(module).get(name)
                if target is not None and (isinstance(target, _CONTAINERS) or not by_method):
                    by_identity.setdefault(id(target), _name(target, f"{module_name}.{name}"))
    return SharedState(by_identity, frozenset(rebound))


def _name(target: object, bound_as: str) -> str:
    return f"{target.__module__}.{target.__qualname__}" if isinstance(target, type) else bound_as


def _bound_anew(function: Definition) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield from node.names


def _changed(function: Definition) -> Iterator[tuple[str, bool]]:
    """Names of the module whose object a function changes, and whether it does so by calling a method."""
    own = local_names(function)
    for node in ast.walk(function):
        match node:
            case (
                ast.Subscript(ctx=ast.Store() | ast.Del(), value=holder)
                | ast.Attribute(ctx=ast.Store() | ast.Del(), value=holder)
            ):
                yield from _root(holder, own, by_method=False)
            case ast.Call(func=ast.Attribute(value=holder, attr=name)) if name in _CHANGING:
                yield from _root(holder, own, by_method=True)


def _root(node: ast.expr, own: frozenset[str], *, by_method: bool) -> Iterator[tuple[str, bool]]:
    name = root_name(node)
    if name is not None and name not in own:
        yield name, by_method
