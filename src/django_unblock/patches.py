"""Every place where Django or asgiref is changed at run time: one table, applied and undone whole.

Nothing here could be done by subclassing. The AppConfig applies the table when the apps are ready.
"""

import asyncio
import contextvars
import copy
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from django_unblock import bridge, one_off, ownership, threads
from django_unblock.connections import Connections, plain_wrappers
from django_unblock.templates.loading import preload

if TYPE_CHECKING:
    from asgiref.sync import AsyncToSync, SyncToAsync
    from django.http import HttpRequest
    from django.template.base import Template
    from django.template.context import Context


@dataclass(frozen=True, slots=True)
class Patch:
    """One replaced attribute.

    Attributes:
        module: where it is.
        path: the attribute's dotted path in the module.
        make: makes what takes its place, from the original.
        why: what could not work otherwise.
        until: the Django version that does without it.
    """

    module: str
    path: str
    make: Callable[[Any], Any]
    why: str
    until: tuple[int, int] | None = None


def bridged(fn: Any = None, **options: Any) -> Any:
    """Take the place of asgiref's ``sync_to_async`` on ORM work: no thread, the bridge."""
    if fn is None:
        return partial(bridged, **options)
    return partial(bridge.run, fn)


def _sync_to_async_call(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def call(self: "SyncToAsync[..., Any]", *args: Any, **kwargs: Any) -> Any:
        if self._thread_sensitive and ownership.is_called_from_sync():
            return await bridge.run(self.func, *args, **kwargs)
        twin = copy.copy(self)
        twin.func = threads.worker_call(self.func)
        return await original(twin, *args, **kwargs)

    return call


def _async_to_sync_call(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(self: "AsyncToSync[..., Any]", *args: Any, **kwargs: Any) -> Any:
        if bridge.inside():
            return bridge.wait(self.awaitable(*args, **kwargs))
        if one_off.is_wanted():
            return one_off.run(self.awaitable, *args, **kwargs)
        with threads.waiting():
            return original(self, *args, **kwargs)

    return call


def _driven(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def call(*args: Any, **kwargs: Any) -> Any:
        return await bridge.drive(original(*args, **kwargs))

    return call


def _shared_user(_original: Any) -> Any:
    """Make ``request.auser()`` and ``request.user`` one: the stock ones each read the user once."""
    from django.contrib.auth import middleware

    async def auser(request: "HttpRequest") -> Any:
        return await bridge.run(middleware.get_user, request)

    return auser


def _sharing_context(_original: Any) -> Any:
    """What `Signal.asend` gathers its receivers with, as Django 6.1 does: in the sender's context."""

    async def gather(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
        before = contextvars.copy_context()
        context = before.copy()
        tasks = [asyncio.create_task(call, context=context) for call in calls]
        try:
            return await asyncio.gather(*tasks)
        finally:
            one_off.bring_back(context, before)

    return SimpleNamespace(gather=gather)


def _own_connections(original: Any) -> Connections:
    for alias in connections:
        if hasattr(original, alias):
            plain_wrappers()[alias] = getattr(original, alias)
    return Connections()


def _preloading(original: Any) -> Any:
    @contextmanager
    def bind_template(self: "Context", template: "Template") -> Iterator[None]:
        with original(self, template):
            preload(template, self)
            yield

    return bind_template


def _preload_for(context: str) -> Patch:
    return Patch(
        "django.template.context",
        f"{context}.bind_template",
        _preloading,
        "the one place where a rendering has its whole context and has not begun; the engines' "
        "class could be replaced in the settings, but every project would have to",
    )


def _instead_of_threads(module: str) -> Patch:
    return Patch(
        module,
        "sync_to_async",
        lambda _original: bridged,
        "the module's own ORM calls would each go to a worker thread",
    )


TABLE = (
    Patch(
        "django.db",
        "connections._connections",
        _own_connections,
        "a thread-local holds one connection for all tasks of a loop",
    ),
    Patch(
        "asgiref.sync",
        "SyncToAsync.__call__",
        _sync_to_async_call,
        "the worker thread would open a connection of its own, which nobody closes and which does "
        "not see the transaction that the call is in",
    ),
    Patch(
        "asgiref.sync",
        "AsyncToSync.__call__",
        _async_to_sync_call,
        "inside the bridge it refuses; elsewhere it moves the code to another thread, which does "
        "not see this one's transaction",
    ),
    Patch(
        "django.dispatch.dispatcher",
        "asyncio",
        _sharing_context,
        "`asend` loses the context variables that receivers set: nobody would know the request",
        until=(6, 1),
    ),
    _preload_for("Context"),
    _preload_for("RequestContext"),
    _instead_of_threads("django.db.models.query"),
    _instead_of_threads("django.db.models.base"),
    _instead_of_threads("django.db.models.fields.related_descriptors"),
    _instead_of_threads("django.contrib.contenttypes.fields"),
    _instead_of_threads("django.contrib.sessions.backends.db"),
    _instead_of_threads("django.core.paginator"),
    Patch(
        "django.core.handlers.base",
        "BaseHandler._get_response_async",
        _driven,
        "Django's own handlers, AsyncClient's among them, await a view where synchronous ORM access "
        "in it is refused",
    ),
    Patch(
        "django.contrib.auth.middleware",
        "auser",
        _shared_user,
        "login_required and its like await request.auser() around an async view; if that view then "
        "uses request.user, the user would be read a second time",
    ),
)

_originals: dict[Patch, Any] = {}


def apply() -> None:
    """Apply the table. Applied already, do nothing.

    Only if every database of the project is on an engine of ours: another engine's calls can't be
    made on the loop, and nobody can tell beforehand which database a call will use.
    """
    if _originals or not all(is_of_ours(each["ENGINE"]) for each in connections.settings.values()):
        return
    for patch in TABLE:
        if not _applies(patch):
            continue
        holder, name = _place(patch)
        _originals[patch] = original = getattr(holder, name)
        setattr(holder, name, patch.make(original))


def undo() -> None:
    """Put every original back."""
    while _originals:
        patch, original = _originals.popitem()
        holder, name = _place(patch)
        setattr(holder, name, original)


def is_applied() -> bool:
    """Return whether the table is in force."""
    return bool(_originals)


def require() -> None:
    """Refuse to serve without the table, which would mix up the transactions of requests.

    Raises:
        ImproperlyConfigured: it is not in force (R505).
    """
    if not is_applied():
        raise ImproperlyConfigured(
            'R505: django_unblock.asgi needs "django_unblock" in INSTALLED_APPS, and every database '
            "on an engine of django-unblock's."
        )


def is_of_ours(engine: str) -> bool:
    """Return whether ``DATABASES[...]["ENGINE"]`` is an engine of ours, made from one, or none."""
    if engine == "django.db.backends.dummy":  # there is no database
        return True
    return hasattr(import_module(f"{engine}.base").DatabaseWrapper, "scope")


def _applies(patch: Patch) -> bool:
    """Whether the module is in use (an app may not be installed) and has the name (by version)."""
    if patch.until is not None and patch.until <= django.VERSION:
        return False
    if patch.module.startswith("django.contrib.") and not apps.is_installed(
        patch.module.removesuffix(".fields").removesuffix(".middleware").partition(".backends")[0]
    ):
        return False
    holder, name = _place(patch)
    return hasattr(holder, name)


def _place(patch: Patch) -> tuple[Any, str]:
    *path, name = patch.path.split(".")
    holder: Any = import_module(patch.module)
    for step in path:
        holder = getattr(holder, step)
    return holder, name
