"""Calls that do nothing before they are awaited, told by the functions that the project has loaded."""

from __future__ import annotations

import ast
import asyncio
import inspect
import sys
import types
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache.backends.base import BaseCache
from django.utils.connection import ConnectionProxy

from unblocker.survey import looking
from unblocker.survey.harmless import module_of
from unblocker.survey.joining import join_all
from unblocker.survey.looking import NOTHING, look, static_attribute
from unblocker.survey.names import is_generator
from unblocker.survey.values import (
    UNKNOWN,
    Awaitable,
    Deferred,
    Form,
    Instance,
    InThread,
    Items,
    Live,
    Manager,
    Method,
    Object,
    QuerySet,
    Request,
    Session,
    Super,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.querysets import Arguments

_CHANGES = frozenset({"aadd", "aremove", "aclear", "aset"})
_TO_THREAD = frozenset(
    {
        "asgiref.sync.sync_to_async",
        "asgiref.sync.SyncToAsync",
        "asyncio.threads.to_thread",
        "channels.db.database_sync_to_async",
        "channels.db.DatabaseSyncToAsync",
    }
)
_ALL = frozenset({"gather"})
_SAME = frozenset({"wait_for", "shield", "create_task", "ensure_future"})


def is_coroutine_function(callee: Value) -> bool:
    """Whether calling it makes a coroutine, or something else that has to be awaited."""
    if isinstance(callee, InThread):
        return True
    if isinstance(callee, Deferred):
        return isinstance(callee.node, ast.AsyncFunctionDef) and not is_generator(callee.node)
    if isinstance(callee, Method) and isinstance(callee.receiver, Request):
        return callee.name == "auser"
    if _changes_relation(callee):
        return True
    return looking.is_coroutine_function(function_of(callee))


def function_of(callee: Value) -> object:
    """The live function or method behind a callee; None where it is not known."""
    match callee:
        case Live(target=target):
            return target
        case Method(receiver=receiver, name=name):
            return _method(receiver, name)
        case _:
            return None


def _method(receiver: Value, name: str) -> object:
    """The function of a method; behind a manager's proxy, that of the queryset."""
    found = static_attribute(class_of(receiver), name)
    if isinstance(found, staticmethod | classmethod):
        return found.__func__
    namespace = look(found, "__globals__")
    is_proxy = isinstance(namespace, dict) and namespace["__name__"] == "django.db.models.manager"
    return look(found, "__wrapped__", found) if is_proxy else found


def class_of(receiver: Value) -> type:
    """The class that a receiver's methods are looked up on."""
    match receiver:
        case (
            Instance(model=cls)
            | QuerySet(cls=cls)
            | Manager(cls=cls)
            | Form(cls=cls)
            | Object(cls=cls)
        ):
            return cls
        case Super(cls=cls):
            return cls.__mro__[1]
        case Session():
            return SessionBase
        case Live(target=ConnectionProxy()):
            return BaseCache
        case _:
            return object


def synchronous_form(callee: Value) -> Value | None:
    """What a coroutine function of Django's does, awaited: `get` for `aget`; None where it is no such function."""
    match callee:
        case Live(target=types.FunctionType() as target) if _is_async_form(target):
            found = vars(sys.modules[target.__module__]).get(target.__name__[1:])
            return Live(found) if isinstance(found, types.FunctionType) else None
        case Method():
            return _of_method(callee)
        case _:
            return None


def _of_method(callee: Method) -> Method | None:
    name = callee.name
    if _changes_relation(callee):
        return Method(callee.receiver, name[1:])
    if not name.startswith("a") or not _is_async_form(function_of(callee)):
        return None
    there = static_attribute(class_of(callee.receiver), name[1:]) is not NOTHING
    return Method(callee.receiver, name[1:]) if there else None


def _changes_relation(callee: Value) -> bool:
    """Whether it is `aadd` and the like of a related manager, whose class Django makes anew for each relation."""
    if not isinstance(callee, Method) or not isinstance(callee.receiver, Manager):
        return False
    return bool(callee.receiver.owner) and callee.name in _CHANGES


def _is_async_form(function: object) -> bool:
    if not isinstance(function, types.FunctionType) or not function.__name__.startswith("a"):
        return False
    return function.__module__.startswith("django.") and inspect.iscoroutinefunction(function)


def asynchronous_form(callee: Value) -> str:
    """The name of Django's coroutine function for this call, `aget` for `get`; empty where there is none."""
    match callee:
        case Live(target=types.FunctionType() as target) if target.__module__.startswith("django."):
            name = f"a{target.__name__}"
            return name if _is_async_form(vars(sys.modules[target.__module__]).get(name)) else ""
        case Method(receiver=receiver, name=name) if _changes_relation(
            Method(receiver, f"a{name}")
        ):
            return f"a{name}"
        case Method(receiver=receiver, name=name):
            return f"a{name}" if _is_async_form(_method(receiver, f"a{name}")) else ""
        case _:
            return ""


def to_thread(target: object) -> bool:
    """Whether this function has another one called in a thread: `sync_to_async`, `asyncio.to_thread`."""
    name = f"{module_of(target)}.{look(target, '__qualname__', '')}"
    return name in _TO_THREAD


def combined(target: object, given: Arguments) -> Value | None:
    """What asyncio's own functions make of awaitables; None for any other function."""
    name = look(target, "__name__", "")
    if name in _ALL and look(target, "__module__") in (
        "asyncio.tasks",
        "django_unblock.concurrency",
    ):
        parts = tuple(awaited(value) for value in given.positional)
        return Awaitable(Items(join_all(list(parts)), None if given.open else parts))
    if name in _SAME and target is vars(asyncio)[name]:
        return Awaitable(awaited(given.positional[0]) if given.positional else UNKNOWN)
    return None


def awaited(value: Value) -> Value:
    """What `await value` gives."""
    return value.returns if isinstance(value, Awaitable) else UNKNOWN
