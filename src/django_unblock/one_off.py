"""One-off event loops: a coroutine run to its end from plain synchronous code.

So an async view runs under WSGI and under the synchronous test client. The loop runs in the same
thread, so that the coroutine uses this thread's connections and sees its transaction. (asgiref's
``AsyncToSync`` would start a thread for it.)
"""

import asyncio
import contextvars
import os
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import SyncToAsync

from django_unblock import bridge, lifespan, ownership
from django_unblock.loops import running_loop


def is_wanted() -> bool:
    """Return whether the thread has no event loop, and was not started by one that still runs."""
    if running_loop() is not None:
        return False
    started_by = SyncToAsync.threadlocal
    if getattr(started_by, "main_event_loop_pid", None) != os.getpid():
        return True
    loop = getattr(started_by, "main_event_loop", None)
    return loop is None or not loop.is_running()


def run[**P, T](fn: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``fn`` and what it started on a loop of its own, in this thread; return its result.

    Context variables go in and come out. Synchronous code in it may wait, as inside the bridge.
    What `lifespan.before_loop_ends` registered is awaited before the loop is closed.
    """
    with (
        asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner,
        ownership.one_off(runner.get_loop()),
    ):
        before = contextvars.copy_context()
        context = before.copy()
        try:
            return runner.run(_main(fn, args, kwargs), context=context)
        finally:
            bring_back(context, before)


async def _main[T](
    fn: Callable[..., Awaitable[T]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    try:
        return await bridge.drive(_awaiting(fn, args, kwargs))
    finally:
        await lifespan.end_loop()


async def _awaiting[T](
    fn: Callable[..., Awaitable[T]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    return await fn(*args, **kwargs)


def bring_back(context: contextvars.Context, before: contextvars.Context) -> None:
    """Set here the context variables that have changed in another context since it was as before."""
    for variable, value in context.items():
        unchanged = variable in before and before[variable] is value
        if not unchanged and not ownership.is_own(variable):
            variable.set(value)
