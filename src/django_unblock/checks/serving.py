"""System checks of what serves the project."""

import os
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from django_unblock.checks.registering import Messages, check

_STOCK = "from django.core.asgi import"


@check("unblock.W006", hint="Write: from django_unblock.asgi import get_asgi_application")
def check_asgi_application(**_: Any) -> Messages:
    """The project's `asgi.py` makes Django's own application."""
    path = _asgi_file()
    lines = path.read_text(errors="replace").splitlines() if path is not None else []
    for number, line in enumerate(lines, start=1):
        if line.startswith(_STOCK):
            yield (
                f"{path}:{number} serves Django's own ASGI application, where the ORM and "
                "synchronous middleware wait in threads."
            )


@check(
    "unblock.E007",
    hint="Serve the project with uvicorn, granian, hypercorn or daphne, or with gunicorn's gthread "
    "worker.",
)
def check_greenlet_rivals(**_: Any) -> Messages:
    """Sockets of gevent or eventlet have taken the place of the standard library's."""
    rival = socket.socket.__module__.partition(".")[0]
    if rival in ("gevent", "eventlet"):
        yield f"{rival} has replaced Python's sockets, and django-unblock runs on asyncio."


@check(
    "unblock.W008",
    hint="Unset it. Under django_unblock.asgi, the ORM may be called from async views.",
)
def check_async_unsafe(**_: Any) -> Messages:
    """Django's guard against blocking ORM calls in coroutines is switched off."""
    if os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE"):
        yield "DJANGO_ALLOW_ASYNC_UNSAFE is set: an ORM call that blocks the loop goes unnoticed."


def _asgi_file() -> Path | None:
    """The module that `ASGI_APPLICATION` is in, or the `asgi.py` beside the root URLconf."""
    named = getattr(settings, "ASGI_APPLICATION", None)
    holder = named or f"{str(settings.ROOT_URLCONF).rpartition('.')[0]}.asgi.application"
    try:
        spec = find_spec(holder.rpartition(".")[0])
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec is not None and spec.origin is not None else None
