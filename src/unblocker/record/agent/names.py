"""A view's name: that under which the survey lists it."""

import functools
import inspect
import types
from typing import Any


def view_name(callback: Any) -> str:
    """The dotted path of the class behind a class-based view or an instance, or of the function behind decorators."""
    cls = getattr(callback, "view_class", None) or getattr(
        inspect.unwrap(callback), "view_class", None
    )
    if isinstance(cls, type):
        return f"{cls.__module__}.{cls.__qualname__}"
    if not inspect.isroutine(callback) and not isinstance(callback, functools.partial):
        return f"{type(callback).__module__}.{type(callback).__qualname__}"
    function = plain_function(callback)
    if function is None:
        return getattr(callback, "__qualname__", repr(callback))
    return f"{function.__module__}.{function.__qualname__}"


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
