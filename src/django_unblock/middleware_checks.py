"""System checks that read the middleware: under our ASGI application it runs on the event loop.

So one thread serves all requests at once. What a thread-local holds is seen by all of them, and what
blocks the thread holds up all of them. Django's own middleware does neither.
"""

import ast
import inspect
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from textwrap import dedent
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from django_unblock.own_code import is_own

_BLOCKING = (
    urllib.request.urlopen,
    subprocess.run,
    subprocess.call,
    subprocess.check_call,
    subprocess.check_output,
)
_CLIENTS = ("requests", "httpx", "urllib3")
_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "request", "stream")


@checks.register(checks.Tags.compatibility)
def check_thread_locals(**_: Any) -> list[checks.CheckMessage]:
    """W011: middleware that keeps what belongs to a request in a thread-local."""
    return [
        checks.Warning(
            f"The middleware {path} uses the thread-local {name}. Under django_unblock.asgi one "
            "thread serves all requests: each would see what another has put there.",
            hint="Make it a contextvars.ContextVar, or an asgiref.local.Local, which has the same "
            "interface.",
            id="unblock.W011",
        )
        for path, made in _middleware()
        if (name := _thread_local(made)) is not None
    ]


@checks.register(checks.Tags.compatibility)
def check_blocking_middleware(**_: Any) -> list[checks.CheckMessage]:
    """W012: middleware that waits for something else than the database."""
    return [
        checks.Warning(
            f"The middleware {path} calls {name} ({place}). Under django_unblock.asgi it runs on the "
            "event loop: every request waits meanwhile.",
            hint="Call async_to_sync(django_unblock.http.get)(...) instead of requests.get(...), and "
            "async_to_sync(django_unblock.offload(fn))(...) instead of any other fn(...).",
            id="unblock.W012",
        )
        for path, made in _middleware()
        for name, place in _blocking_calls(made)
    ]


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
    holders = [made, *_modules(made)]
    for holder in holders:
        for name, value in vars(holder).items():
            if issubclass(type(value), threading.local):
                return f"{holder.__name__}.{name}"
    return None


def _modules(made: Any) -> Iterator[ModuleType]:
    """The middleware's module, and those of the project or its own package that it imports from."""
    home = sys.modules[made.__module__]
    yield home
    for value in vars(home).values():
        name = value.__name__ if inspect.ismodule(value) else _module_name(value)
        module = sys.modules.get(name)
        if module is not None and module is not home and _is_close(module, home):
            yield module


def _module_name(value: Any) -> str:
    return value.__module__ if inspect.isfunction(value) or inspect.isclass(value) else ""


def _is_close(module: ModuleType, home: ModuleType) -> bool:
    package = home.__name__.partition(".")[0]
    own = is_own(getattr(module, "__file__", None) or "<frozen")
    return own or module.__name__.partition(".")[0] == package


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
    if not inspect.isfunction(called):
        return called is time.sleep
    client = called.__module__.partition(".")[0] in _CLIENTS
    return called in _BLOCKING or (client and called.__name__ in _METHODS)
