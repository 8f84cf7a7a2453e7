"""Functions that are made inside another one and leave it: returned, kept in an attribute or handed on."""

from __future__ import annotations

import ast
import types
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey.live import value_of
from unblocker.survey.project_calls import carry, invoke
from unblocker.survey.values import NEVER, Closure, Deferred, Items, Mapping, Never, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments


def leaving(frame: Frame, value: Value) -> Value:
    """The value as others will know it who get it from here: functions take along what they hold of the locals."""
    match value:
        case Deferred(callee=None) if value.home == frame.home:
            return _closed(frame, value)
        case Items(parts=tuple(parts)):
            return replace(value, parts=tuple(leaving(frame, part) for part in parts))
        case Mapping(entries=entries):
            held = tuple((key, leaving(frame, item)) for key, item in entries)
            return replace(value, entries=held)
        case _:
            return value


def call_closure(frame: Frame, node: ast.expr, value: Closure, given: Arguments) -> Value:
    """Call the function, somewhere else than where it was made."""
    name = value.function.__name__
    itself = {name: value} if name in value.function.__code__.co_freevars else {}
    captured = dict[str, Value](value.captured) | itself
    return invoke(frame, node, value.function, given, captured=captured)


def _closed(frame: Frame, value: Deferred) -> Value:
    function = _function(frame, value.node)
    if function is None:
        return value
    return Closure(function, tuple(_captured(frame, function, value)))


def _captured(
    frame: Frame, function: types.FunctionType, own: Deferred
) -> Iterator[tuple[str, Value]]:
    """The variables around the function that it uses; itself, where it calls itself, is left out."""
    for name in function.__code__.co_freevars:
        held = frame.value(name) if name in frame.locals else NEVER
        if name not in frame.locals and name in frame.namespace:
            held = value_of(frame.namespace[name])
        if not isinstance(held, Never) and held != own:
            yield name, carry(frame, held, name)


def _function(frame: Frame, node: ast.AST) -> types.FunctionType | None:
    """A function object that stands for the code at `node`, the same each time; None where it is not found."""
    around = frame.summary.code.target if frame.summary is not None else None
    if around is None or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return None
    made = frame.world.nested
    if node not in made:
        found = [code for code in _codes(around.__code__) if _stands_at(code, node)]
        made[node] = _made(found[0], around) if len(found) == 1 else None
    return made[node]


def _codes(outer: types.CodeType) -> Iterator[types.CodeType]:
    for constant in outer.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes(constant)


def _stands_at(code: types.CodeType, node: ast.AST) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and code.co_firstlineno == node.lineno
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    first = min((one.lineno for one in node.decorator_list), default=node.lineno)
    return code.co_name == node.name and code.co_firstlineno == first


def _made(code: types.CodeType, around: types.FunctionType) -> types.FunctionType:
    cells = tuple(types.CellType() for _ in code.co_freevars)
    function = types.FunctionType(code, around.__globals__, code.co_name, None, cells)
    function.__module__ = around.__module__
    return function
