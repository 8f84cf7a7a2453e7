"""What decorators and middleware of the project put on the request before a view gets it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from unblocker.survey.live import wrappers
from unblocker.survey.looking import static_attribute
from unblocker.survey.values import INERT, Items, Mapping, Object, Request, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.world import Code, World

_HOOKS = ("__call__", "process_request", "process_view")


def read_middleware(world: World) -> None:
    """Read the methods of middleware classes that give the request attributes of their own."""
    for name in settings.MIDDLEWARE:
        cls = import_string(name)
        if not isinstance(cls, type) or not world.owns(cls):
            continue
        world.assign_attribute(cls, "get_response", INERT)
        for hook in _HOOKS:
            _read(world, world.code(static_attribute(cls, hook)), Object(cls))


def read_decorators(world: World, view: object) -> None:
    """Read the functions around a view that give its request attributes of their own, without the view."""
    for wrapper in wrappers(view):
        _read(world, world.own_code(wrapper), None)


def _read(world: World, code: Code | None, receiver: Value | None) -> None:
    if code is None or not _gives_attributes(code, at=0 if receiver is None else 1):
        return
    given = dict(_given(code, receiver))
    world.enter(world.summary(code, receiver, given), given)


def _given(code: Code, receiver: Value | None) -> Iterator[tuple[str, Value]]:
    """The request, data for all else, and nothing that leads to the view itself."""
    arguments = code.node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    if receiver is not None:
        yield names.pop(0), receiver
    yield names[0], Request(names[0])
    yield from ((name, INERT) for name in names[1:])
    if arguments.vararg is not None:
        yield arguments.vararg.arg, Items(INERT)
    if arguments.kwarg is not None:
        yield arguments.kwarg.arg, Mapping((), INERT)
    for name, held in code.namespace.items():
        if callable(held) and name in code.target.__code__.co_freevars:
            yield name, INERT


def _gives_attributes(code: Code, *, at: int) -> bool:
    """Whether it assigns to attributes of its argument number `at`."""
    names = [one.arg for one in (*code.node.args.posonlyargs, *code.node.args.args)]
    if not at < len(names):
        return False
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == names[at]
        for node in ast.walk(code.node)
    )
