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
        ImproperlyConfigured: ``UNBLOCK`` is no dict or has an unknown key or value (R501).
    """
    given = getattr(settings, "UNBLOCK", {})
    if not isinstance(given, dict):
        raise _wrong(f" must be a dict, not {given!r}.")
    known = [field.name for field in fields(Conf)]
    for key in given:
        if key not in known:
            raise _wrong(f" has no option {key!r}; it knows {', '.join(known)}.")
    conf = Conf(**given)
    _validate(conf)
    return conf


def _validate(conf: Conf) -> None:
    if conf.SYNC_VIEWS not in ("thread", "loop"):
        raise _wrong(f"['SYNC_VIEWS'] must be 'thread' or 'loop', not {conf.SYNC_VIEWS!r}.")
    for name in ("SYNC_THREADS", "BACKGROUND_LIMIT", "HTTP_MAX_CONNECTIONS"):
        if not (isinstance(value := getattr(conf, name), int) and value >= 1):
            raise _wrong(f"[{name!r}] must be a whole number of at least 1, not {value!r}.")
    if not _is_number(conf.DRAIN_SECONDS, least=0):
        raise _wrong(f"['DRAIN_SECONDS'] must be a number of seconds, not {conf.DRAIN_SECONDS!r}.")
    if conf.WATCH_MS is not None and not _is_number(conf.WATCH_MS, least=1):
        raise _wrong(f"['WATCH_MS'] must be a number of milliseconds, not {conf.WATCH_MS!r}.")


def _is_number(value: object, least: float) -> bool:
    return isinstance(value, int | float) and value >= least


def _wrong(said: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"R501: settings.UNBLOCK{said}")


def _forget(*, setting: str, **_kwargs: Any) -> None:
    if setting == "UNBLOCK":
        current.cache_clear()


setting_changed.connect(_forget)
