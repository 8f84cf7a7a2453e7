"""The project's choices for the runtime: ``UNBLOCK = {...}`` in the Django settings."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True, slots=True)
class Conf:
    """The runtime's settings.

    Attributes:
        SYNC_VIEWS: where synchronous views run under ASGI: in the thread pool or on the loop.
        SYNC_THREADS: the threads of that pool, shared with `offload`.
        BACKGROUND_LIMIT: background jobs running at once.
        DRAIN_SECONDS: how long shutdown waits for background jobs, in seconds.
        HTTP_MAX_CONNECTIONS: open outbound connections of the shared HTTP client.
        TUNE_GC: set the garbage collector for a server when one starts.
        WATCH_MS: report whatever holds the loop longer than this, in milliseconds; None is off.
    """

    SYNC_VIEWS: Literal["thread", "loop"] = "thread"
    SYNC_THREADS: int = 8
    BACKGROUND_LIMIT: int = 100
    DRAIN_SECONDS: float = 10.0
    HTTP_MAX_CONNECTIONS: int = 100
    TUNE_GC: bool = True
    WATCH_MS: float | None = None


@cache
def current() -> Conf:
    """Return the project's settings, read once.

    Raises:
        ImproperlyConfigured: ``UNBLOCK`` is no dict or has an unknown key or value.
    """
    given = getattr(settings, "UNBLOCK", {})
    if not isinstance(given, dict):
        raise ImproperlyConfigured(f"settings.UNBLOCK must be a dict, not {given!r}.")
    known = [field.name for field in fields(Conf)]
    for key in given:
        if key not in known:
            raise ImproperlyConfigured(
                f"settings.UNBLOCK has no option {key!r}; it knows {', '.join(known)}."
            )
    conf = Conf(**given)
    _validate(conf)
    return conf


def _validate(conf: Conf) -> None:
    if conf.SYNC_VIEWS not in ("thread", "loop"):
        raise ImproperlyConfigured(
            f"settings.UNBLOCK['SYNC_VIEWS'] must be 'thread' or 'loop', not {conf.SYNC_VIEWS!r}."
        )
    for name in ("SYNC_THREADS", "BACKGROUND_LIMIT", "HTTP_MAX_CONNECTIONS"):
        if getattr(conf, name) < 1:
            raise ImproperlyConfigured(f"settings.UNBLOCK[{name!r}] must be at least 1.")


def _forget(*, setting: str, **_kwargs: Any) -> None:
    if setting == "UNBLOCK":
        current.cache_clear()


setting_changed.connect(_forget)
