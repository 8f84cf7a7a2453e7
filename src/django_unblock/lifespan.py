"""What starts and stops with the server: hooks that the ASGI lifespan runs, in order."""

import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger("django_unblock")

type Hook = Callable[[], Awaitable[object]]

_startup: list[Hook] = []
_shutdown: list[Hook] = []
_before_loop_ends: list[Hook] = []


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


def before_loop_ends(hook: Hook) -> Hook:
    """Have ``hook`` awaited on every one-off loop before it ends, in the order of registration.

    A one-off loop serves one async view under WSGI or the synchronous test client. Usable as a
    decorator; registering one twice does nothing. If it raises, that is logged.
    """
    if hook not in _before_loop_ends:
        _before_loop_ends.append(hook)
    return hook


async def start() -> None:
    """Run the startup hooks. Raises what the first failing one raises."""
    for hook in tuple(_startup):
        await hook()


async def stop() -> None:
    """Run the shutdown hooks, the last registered first. A failing one is logged."""
    for hook in reversed(tuple(_shutdown)):
        await _run_logged(hook)


async def end_loop() -> None:
    """Run the hooks for the end of a one-off loop. A failing one is logged."""
    for hook in tuple(_before_loop_ends):
        await _run_logged(hook)


async def _run_logged(hook: Hook) -> None:
    try:
        await hook()
    except Exception:
        logger.exception("Hook %r failed", hook)
