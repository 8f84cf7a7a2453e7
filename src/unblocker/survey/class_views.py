"""Class-based views: which requests one answers, by which methods, and where the project makes it what it is."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from django.views.generic import View as DjangoView

from unblocker.records.survey import Problem
from unblocker.survey.live import innermost, plain_function, value_of
from unblocker.survey.looking import look
from unblocker.survey.values import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unblocker.records.places import Place
    from unblocker.survey.sources import Source
    from unblocker.survey.world import World

_GENERIC = "django.views.generic."
_SELDOM = frozenset({"head", "options", "trace"})
_ECHOES = frozenset(
    {
        "ProcessFormView.put", "DeletionMixin.delete", "UpdateAPIView.patch", "RetrieveUpdateAPIView.patch",
        "RetrieveUpdateDestroyAPIView.patch",
    }
)  # fmt: skip
_BY_REST = frozenset({"basename", "detail", "suffix", "name", "description"})


@dataclass(frozen=True, slots=True)
class Statement:
    """Where the project makes the view: its class statement, or a call of `as_view()` in a URLconf.

    `node` has that place, for the operations that no line of the project's own shows.
    """

    source: Source
    node: ast.expr

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.source.place(self.node)


@dataclass(slots=True)
class ClassView:
    """A view's class, the requests that it answers, and its statement; `identity` becomes its `Function.id`."""

    identity: str
    cls: type
    roles: list[Role]
    statement: Statement


def view_class(callback: Any) -> type | None:
    """The class behind what `as_view()` returned, decorators around it minded; None for another callback."""
    found = _told_by(callback, "view_class") or _told_by(callback, "cls")
    return found if isinstance(found, type) and issubclass(found, DjangoView) else None


def _told_by(callback: Any, name: str) -> Any:
    """What `as_view()` has put on the callback, decorators around it or not."""
    found = look(callback, name)
    return found if found is not None else look(innermost(callback), name)


def actions(callback: Any) -> tuple[str, ...]:
    """The actions of a viewset that the callback answers with; none for another view."""
    found = _told_by(callback, "actions")
    return tuple(dict.fromkeys(found.values())) if isinstance(found, dict) else ()


def roles(
    callback: Any, cls: type, is_own: Callable[[object], bool], action: str = ""
) -> list[Role]:
    """What the view answers: an action, or each HTTP method that a class of the project or a generic one sees to."""
    given = _told_by(callback, "view_initkwargs") or _told_by(callback, "initkwargs") or {}
    settings = tuple(
        (name, value_of(value)) for name, value in given.items() if name not in _BY_REST
    )
    names = [action] if action else list(_methods(cls, is_own)) or ["get"]
    return [Role(name, settings) for name in names]


def api_function(cls: type) -> FunctionType | None:
    """The function behind `@api_view`, which makes a class of it."""
    for name in getattr(cls, "http_method_names", ()):
        handler = vars(cls).get(name)
        if isinstance(handler, FunctionType) and handler.__qualname__.startswith("api_view."):
            cells = dict(zip(handler.__code__.co_freevars, handler.__closure__ or (), strict=False))
            return plain_function(cells["func"].cell_contents) if "func" in cells else None
    return None


def _methods(cls: type, is_own: Callable[[object], bool]) -> Iterator[str]:
    for name in getattr(cls, "http_method_names", ()):
        method = plain_function(look(cls, name))
        if method is None:
            continue
        if is_own(method) or (name not in _SELDOM and not _is_echo(name, method.__qualname__)):
            yield name


def _is_echo(name: str, method: str) -> bool:
    """Whether a generic view only does there what it does for a method that browsers use."""
    return method in _ECHOES or (method.startswith("RedirectView.") and name != "get")


def answering_first(cls: type, place: Place) -> Iterator[Problem]:
    """What may answer in place of a handler: Django awaits it where the handlers are asynchronous."""
    for name in ("dispatch", "http_method_not_allowed"):
        owner = next((base for base in cls.__mro__ if name in vars(base)), DjangoView)
        if owner is not DjangoView:
            text = f"{owner.__name__}.{name} may answer in place of the handlers of {cls.__name__}"
            yield Problem("U531", text, place)


def is_bare(cls: type) -> bool:
    """Whether it is one of Django's generic views: a URLconf that uses it makes a view of its own."""
    return cls.__module__.startswith(_GENERIC)


def class_statement(world: World, cls: type) -> Statement | None:
    """The project's class statement: `class X`."""
    source = _module_source(world, cls.__module__)
    node = source.classes.get(cls.__qualname__) if source else None
    if source is None or node is None:
        return None
    end = node.col_offset + len(f"class {node.name}")
    return Statement(source, _named(node.name, node.lineno, node.col_offset, node.lineno, end))


def urlconf_statement(world: World, module: str, cls: type, route: str) -> Statement | None:
    """The call `X.as_view(…)` in the URLconf, at this route if it is written there."""
    source = _module_source(world, module)
    made = [one for one in _made_in(source) if one.name == cls.__name__] if source else []
    chosen = next((one for one in made if route in one.texts), made[0] if made else None)
    if source is None or chosen is None:
        return None
    call = chosen.call
    end = (call.end_lineno or call.lineno, call.end_col_offset or call.col_offset)
    return Statement(source, _named(cls.__name__, call.lineno, call.col_offset, *end))


@dataclass(frozen=True, slots=True)
class _Made:
    """A call of `as_view()`, the name of its class, and the texts that stand beside it."""

    call: ast.Call
    name: str
    texts: frozenset[str]


@cache
def _made_in(source: Source) -> tuple[_Made, ...]:
    return tuple(_made(source.tree, frozenset()))


def _made(node: ast.AST, texts: frozenset[str]) -> Iterator[_Made]:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="as_view")):
            yield _Made(node, ast.unparse(owner).rpartition(".")[2], texts)
        case ast.Call(args=args):
            texts = frozenset(
                one.value
                for one in args
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
    for child in ast.iter_child_nodes(node):
        yield from _made(child, texts)


def _named(name: str, line: int, column: int, end_line: int, end_column: int) -> ast.expr:
    return ast.Name(
        name, ast.Load(), lineno=line, col_offset=column, end_lineno=end_line, end_col_offset=end_column
    )  # fmt: skip


def _module_source(world: World, module: str) -> Source | None:
    path = getattr(sys.modules.get(module), "__file__", None)
    return world.sources.read(path) if path and world.sources.owns(path) else None
