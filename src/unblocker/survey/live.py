"""From objects of the loaded project to what the survey knows of them."""

import functools
import types
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from django.apps.registry import Apps
from django.conf import LazySettings, settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import DefaultStorage
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.manager import BaseManager, ManagerDescriptor
from django.db.models.query import ModelIterable
from django.utils.connection import ConnectionProxy
from django.utils.functional import cached_property

from unblocker.records.survey import Location
from unblocker.survey.harmless import is_harmless
from unblocker.survey.joining import join_all
from unblocker.survey.looking import NOTHING, answers_for_itself, is_a, look, static_attribute
from unblocker.survey.models import lookup_tables, own_tables, prefetch_tables
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Constant,
    Inert,
    Items,
    Live,
    Manager,
    Mapping,
    Object,
    QuerySet,
    Shape,
    Value,
    constant,
)

_MANY = 50
_DEEPEST = 4
_EXACT: dict[type, Callable[[Any], Constant]] = {
    str: str.__str__, int: int.__int__, float: float.__float__, bytes: bytes.__bytes__,
}  # fmt: skip
_CALLABLES = (
    types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.MethodType,
    types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType, functools.partial,
    LazySettings, ConnectionProxy, DefaultStorage, Apps,
)  # fmt: skip


def value_of(target: object, depth: int = 0) -> Value:
    """What a live object is, without running any of its code."""
    plain = _plain(target)
    if target is None or plain is not None:
        return constant(plain)
    if is_a(target, BaseManager):
        return manager_value(target)
    if is_a(target, models.QuerySet):
        return queryset_value(target)
    if is_a(target, *_CALLABLES):
        return Live(target)
    if is_a(target, PurePath):
        return Object(type(target))
    if answers_for_itself(type(target)):  # type: ignore[arg-type]  # classes are hashable
        return UNKNOWN
    if type(target) in (list, tuple, set, frozenset) and depth < _DEEPEST:
        parts = [value_of(item, depth + 1) for item in list(target)[:_MANY]]  # type: ignore[call-overload]
        in_order = isinstance(target, list | tuple) and 0 < len(parts) < _MANY
        return Items(join_all(parts) if parts else NEVER, tuple(parts) if in_order else None)
    if type(target) is dict and depth < _DEEPEST:
        return _mapping(target, depth)
    if is_harmless(type(target)) and plain_function(target) is None:
        return INERT
    return Live(target)


def _plain(target: object) -> Constant:
    """The text or number, without the code of a class of its own, such as an enum's; None where it is neither."""
    if type(target) in (str, bool, int, bytes, float):
        return target  # type: ignore[return-value]  # it is one of these
    return next((exact(target) for kind, exact in _EXACT.items() if is_a(target, kind)), None)


def _mapping(target: dict[object, object], depth: int) -> Value:
    entries = tuple(
        (key, value_of(item, depth + 1))
        for key, item in ((_plain(key), item) for key, item in list(target.items())[:_MANY])
        if isinstance(key, str | int)
    )
    whole = len(entries) == len(target)
    return Mapping(entries, NEVER if whole else UNKNOWN)


def manager_value(manager: Any) -> Value:
    """A model's manager; unknown where it belongs to no model."""
    model: type[models.Model] | None = manager.model
    if model is None:
        return UNKNOWN
    return Manager(model, type(manager), own_tables(model))


def queryset_value(rows: Any) -> Value:
    """A queryset that stands in a module or class, such as a view's `queryset`: nobody has read it yet."""
    model: type[models.Model] | None = rows.model
    if model is None:
        return UNKNOWN
    selected = frozenset(_paths(rows.query.select_related))
    prefetched = frozenset(
        str(getattr(one, "prefetch_to", one)) for one in rows._prefetch_related_lookups
    )
    tables = own_tables(model) | {Location("table", name) for name in _joined(rows.query)}
    for path in selected:
        tables |= lookup_tables(model, path, whole=True)
    for path in prefetched:
        tables |= prefetch_tables(model, path)
    shape: Shape = "instances" if issubclass(rows._iterable_class, ModelIterable) else "rows"
    return QuerySet(
        model, type(rows), f"live:{id(rows)}", frozenset(tables), selected | prefetched, shape
    )


def _paths(selected: Any, prefix: str = "") -> Iterator[str]:
    """The paths that `select_related()` was given, each with its parents."""
    for name, inner in selected.items() if isinstance(selected, dict) else ():
        yield prefix + name
        yield from _paths(inner, f"{prefix}{name}__")


def _joined(query: Any) -> set[str]:
    """The tables that a query reads, those of its subqueries too."""
    names = {str(join.table_name) for join in query.alias_map.values()}
    for annotation in query.annotations.values():
        inner = getattr(annotation, "query", None)
        names |= _joined(inner) if inner is not None else set()
    return names


def queryset_class(manager: type) -> type:
    """The class of the querysets that a manager class makes."""
    found = getattr(manager, "_queryset_class", models.QuerySet)
    return found if isinstance(found, type) else models.QuerySet


def default_manager(model: type[models.Model]) -> type:
    """The class that the model's related managers are derived from."""
    return type(model._default_manager)


def live_attribute(owner: object, name: str) -> Value | None:
    """An attribute of a live object as a value; None where it has none that can be read without running code."""
    if isinstance(owner, types.ModuleType):
        return value_of(vars(owner)[name]) if name in vars(owner) else None
    if isinstance(owner, LazySettings):
        return _setting(name)
    if isinstance(owner, ModelBase) and name in ("_default_manager", "_base_manager"):
        return manager_value(getattr(owner, name))
    found = static_attribute(owner, name)
    if found is NOTHING:
        return None
    if isinstance(found, ManagerDescriptor):
        return _manager_of(owner, found)
    if isinstance(found, staticmethod | classmethod):
        return Live(found.__get__(None, owner if isinstance(owner, type) else type(owner)))
    if isinstance(found, property | functools.cached_property | cached_property):
        return INERT if isinstance(owner, type) else None
    return value_of(found)


def _setting(name: str) -> Value | None:
    try:
        return value_of(getattr(settings, name))
    except (AttributeError, ImproperlyConfigured):
        return None


def _manager_of(owner: object, found: ManagerDescriptor) -> Value | None:
    """None where Django gives none: of an instance, of an abstract model, of one that another one replaces."""
    try:
        return manager_value(found.__get__(None, owner)) if isinstance(owner, type) else None
    except AttributeError:
        return None


def plain_function(target: object) -> types.FunctionType | None:
    """The function behind decorators, methods, `partial` and descriptors; None where there is none."""
    if type(target) is types.FunctionType and not target.__dict__:
        return target
    seen = 0
    while seen < 50:
        seen += 1
        if is_a(target, types.MethodType, staticmethod, classmethod):
            target = look(target, "__func__")
        elif is_a(target, property):
            target = look(target, "fget")
        elif is_a(target, functools.partial, functools.cached_property, cached_property):
            target = look(target, "func")
        elif (inner := look(target, "__wrapped__", NOTHING)) is not NOTHING:
            target = inner
        else:
            break
    return target if type(target) is types.FunctionType else None


def wrappers(target: object) -> list[Callable[..., object]]:
    """The functions that decorators put around `target`, outermost first."""
    found: list[Callable[..., object]] = []
    while len(found) < 50:
        inner = look(target, "__wrapped__", NOTHING)
        if inner is NOTHING:
            break
        found.append(target)  # type: ignore[arg-type]  # what wraps a function is callable
        target = inner
    return found


def innermost(target: Any) -> Any:
    """What the decorators around `target` wrap in the end: itself where there are none."""
    chain = wrappers(target)
    return look(chain[-1], "__wrapped__") if chain else target


def known_text(value: Value) -> str | None:
    """The text, where it is known exactly."""
    if isinstance(value, Inert) and value.known and isinstance(value.constant, str):
        return value.constant
    return None
