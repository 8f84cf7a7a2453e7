"""A view's name: that under which the survey lists it."""

import functools
import inspect
import types
from collections.abc import Mapping
from typing import Any


def view_name(callback: Any, method: str) -> str:
    """The dotted path of the class behind a class-based view or an instance, or of the function behind decorators.

    A viewset's name ends in the action that the method asks for.
    """
    cls = _told_by(callback, "view_class") or _told_by(callback, "cls")
    if isinstance(cls, type):
        return class_view_name(cls, _told_by(callback, "actions"), method)
    function = plain_function(callback)
    if function is not None:
        return _function_name(function)
    if inspect.isroutine(callback):
        return callback.__qualname__
    return _path(type(callback))


def class_view_name(cls: type, actions: Any, method: str) -> str:
    """The class's name, with a viewset's action for the method; the function's where `@api_view` made the class."""
    function = _api_function(cls)
    if function is not None:
        return _function_name(function)
    action = actions.get(method.lower()) if isinstance(actions, Mapping) else None
    return f"{_path(cls)}.{action}" if action else _path(cls)


def plain_function(target: Any) -> types.FunctionType | None:
    """The function behind decorators, methods and `partial`; None where there is none."""
    for _ in range(50):
        if isinstance(target, types.MethodType):
            target = target.__func__
        elif isinstance(target, functools.partial):
            target = target.func
        elif hasattr(target, "__wrapped__"):
            target = target.__wrapped__
        else:
            break
    return target if isinstance(target, types.FunctionType) else None


def _told_by(callback: Any, name: str) -> Any:
    """What `as_view()` has put on the callback, decorators around it or not."""
    found = getattr(callback, name, None)
    return getattr(inspect.unwrap(callback), name, None) if found is None else found


def _api_function(cls: type) -> types.FunctionType | None:
    for name in getattr(cls, "http_method_names", ()):
        handler = vars(cls).get(name)
        if isinstance(handler, types.FunctionType) and handler.__qualname__.startswith("api_view."):
            return plain_function(inspect.getclosurevars(handler).nonlocals.get("func"))
    return None


def _function_name(function: types.FunctionType) -> str:
    code = function.__code__
    if code.co_name == "<lambda>":
        return f"{function.__module__}.<lambda>:{code.co_firstlineno}"
    return f"{function.__module__}.{function.__qualname__}"


def _path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
