"""Methods of lists, sets and dictionaries, and what they then hold."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.effects import elements
from unblocker.survey.harmless import NON_MUTATING_METHODS
from unblocker.survey.identities import fresh
from unblocker.survey.joining import join
from unblocker.survey.live import known_text
from unblocker.survey.values import (
    INERT,
    NEVER,
    NONE,
    UNKNOWN,
    Inert,
    Items,
    Live,
    Mapping,
    Never,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments

_ADDING = frozenset({"append", "add", "appendleft", "insert"})
_SAME = frozenset({"copy", "union", "intersection", "difference"})


def on_items(frame: Frame, node: ast.expr, receiver: Items, name: str, given: Arguments) -> Value:
    """A method of a list, tuple or set."""
    frame.opaque()
    holder = frame.owner_node(node)
    if name not in NON_MUTATING_METHODS and holder is not None:
        frame.mutate(holder)
    if name in _ADDING and given.positional:
        _hold(frame, holder, Items(join(receiver.element, fresh(given.positional[-1], ""))))
    elif name in ("extend", "update") and given.positional and isinstance(node, ast.Call):
        more = elements(frame, node.args[0], given.positional[0])
        _hold(frame, holder, Items(join(receiver.element, more)))
    elif name in ("pop", "popleft"):
        return fresh(receiver.element, frame.identity(node))
    elif name in _SAME:
        return receiver
    return INERT


def on_mapping(
    frame: Frame, node: ast.expr, receiver: Mapping, name: str, given: Arguments
) -> Value:
    """A method of a dictionary."""
    frame.opaque()
    holder = frame.owner_node(node)
    if name not in NON_MUTATING_METHODS and holder is not None:
        frame.mutate(holder)
    match name:
        case "get" | "pop":
            return _item(frame, node, receiver, given)
        case "setdefault":
            return _set_default(frame, node, holder, receiver, given)
        case "items":
            return Items(Items(UNKNOWN, (INERT, any_value(receiver))))
        case "values":
            return Items(any_value(receiver))
        case "keys":
            return Items(INERT)
        case "copy":
            return receiver
        case "update":
            _update(frame, holder, receiver, given)
    return INERT


def _item(frame: Frame, node: ast.expr, receiver: Mapping, given: Arguments) -> Value:
    key = known_text(given.positional[0]) if given.positional else None
    found = receiver.get(key) if key is not None else any_value(receiver)
    default = given.positional[1] if len(given.positional) > 1 else NONE
    if isinstance(found, Live):
        return found
    return fresh(join(found, default), frame.identity(node))


def _set_default(
    frame: Frame, node: ast.expr, holder: ast.expr | None, receiver: Mapping, given: Arguments
) -> Value:
    key = known_text(given.positional[0]) if given.positional else None
    default = given.positional[1] if len(given.positional) > 1 else INERT
    if key is None:
        _hold(frame, holder, Mapping(receiver.entries, join(receiver.rest, default)))
    elif key not in dict(receiver.entries):
        held = join(default, receiver.rest) if not isinstance(receiver.rest, Never) else default
        _hold(frame, holder, Mapping((*receiver.entries, (key, held)), receiver.rest))
    return _item(frame, node, receiver, given)


def _update(frame: Frame, holder: ast.expr | None, receiver: Mapping, given: Arguments) -> None:
    merged = dict(receiver.entries)
    rest = receiver.rest
    for value in given.positional:
        if isinstance(value, Mapping):
            merged.update(value.entries)
            rest = join(rest, value.rest)
        else:
            rest = join(rest, INERT if isinstance(value, Inert) else UNKNOWN)
    merged.update(given.keywords)
    _hold(frame, holder, Mapping(tuple(merged.items()), rest))


def _hold(frame: Frame, holder: ast.expr | None, value: Value) -> None:
    if isinstance(holder, ast.Name) and holder.id in frame.locals:
        frame.env.values[holder.id] = value


def any_value(value: Mapping) -> Value:
    """What any of the mapping's values may be."""
    found: Value = NEVER
    for item in (value.rest, *(item for _, item in value.entries)):
        found = join(found, item)
    return found
