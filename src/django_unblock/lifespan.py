"""What starts and stops with the server: hooks that the ASGI lifespan runs, in order."""

import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger("django_unblock")

type Hook = Callable[[], Awaitable[object]]

_startup: list[Hook] = []
_shutdown: list[Hook] = []


def on_startup(hook: Hook) -> Hook:
    """Have ``hook`` awaited when the server starts, in the order of registration.

    Usable as a decorator; registering one twice does nothing. If it raises, the server does not
    start.
    """
    if hook not in _startup:
        _startup.append(hook)
    return hook


def on_shutdown(hook: Hook) -> Hook:
    """Have ``hook`` awaited when the server stops, the last registered first.

    Usable as a decorator; registering one twice does nothing. If it raises, that is logged and
    the other hooks still run.
    """
    if hook not in _shutdown:
        _shutdown.append(hook)
    return hook


async def start() -> None:
    """Run the startup hooks. Raises what the first failing one raises."""
    for hook in tuple(_startup):
        await hook()


async def stop() -> None:
    """Run the shutdown hooks, the last registered first. A failing one is logged."""
    for hook in reversed(tuple(_shutdown)):
        try:
            await hook()
        except Exception:
            logger.exception("Shutdown hook %r failed", hook)
