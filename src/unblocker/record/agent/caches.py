"""Cache calls, on each cache backend that Django makes."""

import functools
import inspect
from types import ModuleType
from typing import Any

from . import journal
from .current import Describe, Operation

CALLS = (
    "add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "decr", "clear",
)  # fmt: skip
"""The synchronous ones, with an async twin each; `get_or_set` is made of others."""

IN_MEMORY = frozenset({"django.core.cache.backends.locmem", "django.core.cache.backends.dummy"})


def watch(cache: ModuleType) -> None:
    """Watch every backend from when it is made; its class, which may be the project's, stays as it is."""
    create = cache.CacheHandler.create_connection

    @functools.wraps(create)
    def created(self: Any, alias: str) -> Any:
        backend = create(self, alias)
        for name in (*CALLS, *(f"a{call}" for call in CALLS)):
            if hasattr(backend, name):
                setattr(backend, name, _watched(backend, name, _describing(backend, alias, name)))
        return backend

    cache.CacheHandler.create_connection = created


def _describing(backend: object, alias: str, name: str) -> Describe:
    in_memory = type(backend).__module__ in IN_MEMORY
    told = journal.members(kind="cache", label=f"{alias}.{name}", stand_in=in_memory)
    return lambda: told


def _watched(backend: Any, name: str, describe: Describe) -> Any:
    if inspect.iscoroutinefunction(getattr(backend, name)):

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with Operation(describe):
                return await _of_class(backend, name)(*args, **kwargs)

        return awaited

    def called(*args: Any, **kwargs: Any) -> Any:
        with Operation(describe):
            return _of_class(backend, name)(*args, **kwargs)

    return called


def _of_class(backend: Any, name: str) -> Any:
    """The method as the class has it now: a test may have put something else there."""
    method = next(vars(cls)[name] for cls in type(backend).__mro__ if name in vars(cls))
    return method.__get__(backend) if hasattr(method, "__get__") else method
