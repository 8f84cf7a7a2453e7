"""Which calls of a function are read together: those on the same kinds of objects.

A helper that pages any queryset is read once for each model: together, the rows could be of any.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey.values import (
    Closure,
    Either,
    Form,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    Object,
    QuerySet,
    Role,
    Serializer,
    Super,
    Value,
)

if TYPE_CHECKING:
    from collections import abc
    from collections.abc import Hashable
    from types import FunctionType

    from unblocker.survey.settled import Settled

_DEEPEST = 3

type Variant = tuple[FunctionType, Hashable, Hashable, frozenset[str], frozenset[Settled]]


def variant(
    function: FunctionType,
    receiver: Value | None,
    arguments: abc.Mapping[str, Value],
    unread: frozenset[str],
    settled: frozenset[Settled],
) -> Variant:
    """What tells this kind of call from others: the receiver, and the arguments that are models' or classes'."""
    by_name = looks_up_by_name(function)
    kinds = ((name, _kind(value, by_name=by_name)) for name, value in sorted(arguments.items()))
    return function, _receiver(receiver), tuple(pair for pair in kinds if pair[1]), unread, settled


def looks_up_by_name(function: FunctionType) -> bool:
    """Whether the function looks up attributes by a name that it puts together or is given."""
    return "getattr" in function.__code__.co_names


def common(function: FunctionType, unread: frozenset[str]) -> Variant:
    """All calls together."""
    return function, None, (), unread, frozenset()


def held(value: Object, depth: int = 0) -> Hashable:
    """Of what kinds the things are that an object's initializer left in its attributes."""
    if depth >= _DEEPEST:
        return None
    kinds = ((name, _kind(item, depth + 1)) for name, item in value.state)
    return tuple(pair for pair in kinds if pair[1])


def _receiver(receiver: Value | None) -> Hashable:
    match receiver:
        case QuerySet():
            return replace(receiver, identity="")
        case Manager():
            return replace(receiver, owner="")
        case Super(receiver=inner):
            return _receiver(inner)
        case Object() | Instance() | Form() | Serializer():
            return _object(receiver, 0)
        case _:
            return None


def _object(value: Object | Instance | Form | Serializer, depth: int) -> Hashable:
    match value:
        case Object(cls=cls, role=Role() as role):
            return cls, role
        case Object(cls=cls):
            return cls, held(value, depth)
        case Instance(model=cls, loaded=loaded, stored=stored, files=files):
            return cls, loaded, stored, files
        case Form(cls=cls, given=given):
            return cls, given
        case Serializer(cls=cls):
            return cls


def _kind(value: Value, depth: int = 0, *, by_name: bool = False) -> Hashable:
    """The kind of an argument; the names of attributes count where the function looks them up by name."""
    match value:
        case Object() | Instance() | Form() | Serializer():
            return _object(value, depth)
        case QuerySet(model=model, loaded=loaded):
            return QuerySet, model, loaded
        case Manager(model=model):
            return Manager, model
        case Live(target=type() as cls):
            return type, cls
        case Closure(function=function):
            return function
        case Either() | Items() | Mapping():
            return _inside(value, depth)
        case Inert(known=True, constant=str(text)) if by_name and text.isidentifier():
            return text
        case _:
            return None


def _inside(value: Either | Items | Mapping, depth: int) -> Hashable:
    """The kinds of what it may be or holds."""
    match value:
        case Either(choices=choices):
            return tuple(_kind(one, depth) for one in choices)
        case Items(element=element):
            inside = _kind(element, depth)
            return (Items, inside) if inside else None
        case Mapping(entries=entries):
            kinds = ((name, _kind(item, depth)) for name, item in entries)
            return tuple(pair for pair in kinds if pair[1]) or None
