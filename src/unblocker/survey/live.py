"""From objects of the loaded project to what the survey knows of them."""

import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import LazySettings, settings
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.manager import BaseManager, ManagerDescriptor
from django.db.models.query import ModelIterable
from django.utils.connection import ConnectionProxy

from unblocker.records.survey import Location
from unblocker.survey.harmless import is_harmless
from unblocker.survey.models import lookup_tables, own_tables, prefetch_tables
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Inert,
    Items,
    Live,
    Manager,
    Mapping,
    QuerySet,
    Shape,
    Value,
    constant,
    join_all,
)

_MANY = 50
_CALLABLES = (
    types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.MethodType,
    types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType, functools.partial,
    LazySettings, ConnectionProxy,
)  # fmt: skip


def value_of(target: object, depth: int = 0) -> Value:
    """What a live object is, without running any of its code."""
    if target is None or isinstance(target, str | bytes | int | float):
        return constant(target)
    if isinstance(target, BaseManager):
        return manager_value(target)
    if isinstance(target, models.QuerySet):
        return queryset_value(target)
    if isinstance(target, _CALLABLES):
        return Live(target)
    if type(target) in (list, tuple, set, frozenset) and depth < 3:
        parts = [value_of(item, depth + 1) for item in list(target)[:_MANY]]  # type: ignore[call-overload]
        in_order = isinstance(target, list | tuple) and 0 < len(parts) < _MANY
        return Items(join_all(parts) if parts else NEVER, tuple(parts) if in_order else None)
    if type(target) is dict and depth < 3:
        return _mapping(target, depth)
    if is_harmless(type(target)) and plain_function(target) is None:
        return INERT
    return Live(target)


def _mapping(target: dict[object, object], depth: int) -> Value:
    entries = tuple(
        (key, value_of(item, depth + 1))
        for key, item in list(target.items())[:_MANY]
        if isinstance(key, str | int)
    )
    whole = len(entries) == len(target)
    return Mapping(entries, NEVER if whole else UNKNOWN)


def manager_value(manager: BaseManager[Any]) -> Value:
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


def static_attribute(owner: object, name: str) -> object:
    """The attribute without running descriptors; `inspect.Parameter.empty` where there is none."""
    try:
        return inspect.getattr_static(owner, name)
    except AttributeError:
        return inspect.Parameter.empty


def live_attribute(owner: object, name: str) -> Value | None:
    """An attribute of a live object as a value; None where it has none that can be read without running code."""
    if isinstance(owner, types.ModuleType):
        found = getattr(owner, name, inspect.Parameter.empty)
        return None if found is inspect.Parameter.empty else value_of(found)
    if isinstance(owner, LazySettings):
        return value_of(getattr(settings, name)) if hasattr(settings, name) else None
    if isinstance(owner, ModelBase) and name in ("_default_manager", "_base_manager"):
        return manager_value(getattr(owner, name))
    found = static_attribute(owner, name)
    if found is inspect.Parameter.empty:
        return None
    if isinstance(found, ManagerDescriptor):
        return manager_value(getattr(owner, name))
    if isinstance(found, staticmethod | classmethod):
        return Live(getattr(owner, name))
    if isinstance(found, property | functools.cached_property):
        return INERT if isinstance(owner, type) else None
    return value_of(found)


def plain_function(target: object) -> types.FunctionType | None:
    """The function behind decorators, methods, `partial` and descriptors; None where there is none."""
    seen = 0
    while seen < 50:
        seen += 1
        match target:
            case types.MethodType():
                target = target.__func__
            case staticmethod() | classmethod():
                target = target.__func__
            case property():
                target = target.fget
            case functools.partial() | functools.cached_property():
                target = target.func
            case _ if hasattr(target, "__wrapped__"):
                target = target.__wrapped__
            case _:
                break
    return target if isinstance(target, types.FunctionType) else None


def wrappers(target: object) -> list[Callable[..., object]]:
    """The functions that decorators put around `target`, outermost first."""
    found: list[Callable[..., object]] = []
    while hasattr(target, "__wrapped__") and len(found) < 50:
        found.append(target)  # type: ignore[arg-type]  # what wraps a function is callable
        target = target.__wrapped__
    return found


def known_text(value: Value) -> str | None:
    """The text, where it is known exactly."""
    if isinstance(value, Inert) and value.known and isinstance(value.constant, str):
        return value.constant
    return None
