"""The runtime of django-unblock: Django's ORM on the event loop, without threads.

Names are imported when first used, so that importing the package needs no settings.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_unblock import http
    from django_unblock.background_work import background
    from django_unblock.concurrency import gather, load, offload, overlap, together, unblock
    from django_unblock.placement import in_thread, on_loop
    from django_unblock.shortcuts import arender
    from django_unblock.transaction import aatomic

__all__ = [
    "aatomic",
    "arender",
    "background",
    "gather",
    "http",
    "in_thread",
    "load",
    "offload",
    "on_loop",
    "overlap",
    "together",
    "unblock",
]

_HOMES = {
    "aatomic": "transaction",
    "arender": "shortcuts",
    "background": "background_work",
    "gather": "concurrency",
    "in_thread": "placement",
    "load": "concurrency",
    "offload": "concurrency",
    "on_loop": "placement",
    "overlap": "concurrency",
    "together": "concurrency",
    "unblock": "concurrency",
}


def __getattr__(name: str) -> Any:
    if name == "http":
        return import_module("django_unblock.http")
    if name in _HOMES:
        return getattr(import_module(f"django_unblock.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
