"""System checks of the middleware: under our ASGI application it runs on the event loop.

So one thread serves all requests at once. What a thread-local holds is seen by all of them, and what
blocks the thread holds up all of them. Django's own middleware does neither.
"""

import ast
import inspect
import sys
import threading
from collections.abc import Iterator
from textwrap import dedent
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from django_unblock.checks.registering import Messages, check
from django_unblock.own_code import is_own

_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "request")
_BLOCKING = {
    "time.sleep",
    "urllib.request.urlopen",
    *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")),
    *(f"{client}.{name}" for client in ("requests.api", "httpx") for name in _METHODS),
}


@check(
    "unblock.W010",
    hint="Make it a contextvars.ContextVar, or an asgiref.local.Local, which is used like it.",
)
def check_thread_locals(**_: Any) -> Messages:
    """Middleware that keeps what belongs to a request in a thread-local."""
    for path, made in _middleware():
        if (name := _thread_local(made)) is not None:
            yield (
                f"The middleware {path} uses the thread-local {name}. Under django_unblock.asgi one "
                "thread serves all requests: each would see what another has put there."
            )


@check(
    "unblock.W011",
    hint="Call async_to_sync(django_unblock.http.get)(...) instead of requests.get(...), and "
    "async_to_sync(django_unblock.offload(fn))(...) instead of any other fn(...).",
)
def check_blocking_middleware(**_: Any) -> Messages:
    """Middleware that waits for something else than the database."""
    for path, made in _middleware():
        for name, place in _blocking_calls(made):
            yield (
                f"The middleware {path} calls {name} ({place}). Under django_unblock.asgi it runs "
                "on the event loop: every request waits meanwhile."
            )


def _middleware() -> Iterator[tuple[str, Any]]:
    """The settings' middleware classes and factories, except Django's."""
    for path in settings.MIDDLEWARE:
        try:
            made = import_string(path)
        except ImportError:
            continue  # Django tells of it when it loads the middleware
        is_one = inspect.isroutine(made) or inspect.isclass(made)
        if is_one and not made.__module__.startswith("django."):
            yield path, made


def _thread_local(made: Any) -> str | None:
    """The thread-local that a middleware, its module or one that this uses has, by its name."""
    for holder in (made, *_modules(sys.modules[made.__module__])):
        for name, value in vars(holder).items():
            if issubclass(type(value), threading.local):
                return f"{holder.__name__}.{name}"
    return None


def _modules(home: ModuleType) -> Iterator[ModuleType]:
    """The middleware's module, and those of the project or its own package that it imports from."""
    yield home
    package = home.__name__.partition(".")[0]
    for value in vars(home).values():
        # By its type: isinstance() would evaluate a lazy object.
        if issubclass(type(value), (ModuleType, FunctionType, type)):
            module = inspect.getmodule(value)
            file = getattr(module, "__file__", None) or "<frozen"
            if module and (is_own(file) or module.__name__.partition(".")[0] == package):
                yield module


def _blocking_calls(made: Any) -> Iterator[tuple[str, str]]:
    """The calls in its own source, by name and place; what they call in turn is not read."""
    try:
        lines, first = inspect.getsourcelines(made)
        tree = ast.parse(dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return
    names = vars(sys.modules[made.__module__])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _blocks(_resolved(node.func, names)):
            line = max(first, 1) + node.lineno - 1
            yield ast.unparse(node.func), f"{inspect.getsourcefile(made)}:{line}"


def _resolved(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a dotted name in the source stands for in its module; None if that is not known."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        holder = _resolved(node.value, names)
        return vars(holder).get(node.attr) if inspect.ismodule(holder) else None
    return None


def _blocks(called: Any) -> bool:
    is_function = type(called) in (FunctionType, BuiltinFunctionType)
    return is_function and f"{called.__module__}.{called.__name__}" in _BLOCKING
