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
            method = getattr(backend, name, None)
            if method is not None:
                setattr(backend, name, _watched(method, _describing(backend, alias, name)))
        return backend

    cache.CacheHandler.create_connection = created


def _describing(backend: object, alias: str, name: str) -> Describe:
    in_memory = type(backend).__module__ in IN_MEMORY
    told = journal.members(kind="cache", label=f"{alias}.{name}", stand_in=in_memory)
    return lambda: told


def _watched(method: Any, describe: Describe) -> Any:
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with Operation(describe):
                return await method(*args, **kwargs)

        return awaited

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        with Operation(describe):
            return method(*args, **kwargs)

    return called
