"""One call to be made off the response's path, as it was when it was asked for."""

import functools
import inspect
import logging
from collections.abc import Callable, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync

from django_unblock import bridge, ownership, threads
from django_unblock.origin import Origin

logger = logging.getLogger("django_unblock.background")


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A callable with its arguments and the context variables it was asked for in.

    `in_thread` says that it blocks in a way that the bridge can't help, as sending mail does.
    """

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    context: Context
    origin: Origin | None
    in_thread: bool = False

    @classmethod
    def of(
        cls,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        origin: Origin | None,
        *,
        in_thread: bool,
    ) -> "Work":
        """The call as it is now, but outside of any transaction."""
        with ownership.outside():
            return cls(fn, args, kwargs, copy_context(), origin, in_thread)

    @property
    def name(self) -> str:
        """The callable's module and qualified name."""
        fn = _unwrapped(self.fn)
        named = fn if hasattr(fn, "__qualname__") else type(fn)
        return f"{named.__module__}.{named.__qualname__}"

    @property
    def started_by(self) -> str:
        """The method and path of the request that asked for the call."""
        return self.origin.path if self.origin is not None else "no request"

    async def run_on_loop(self) -> None:
        """Make the call on the running loop, blocking nothing; a failure is logged."""
        try:
            if self.in_thread:
                await threads.run(self.fn, *self.args, **self.kwargs)
            else:
                await bridge.drive(self._awaited())
        except Exception:  # noqa: BLE001  the work is the project's code
            self.log_failure()

    def run_here(self) -> None:
        """Make the call in this thread, where no loop runs; a failure is logged."""
        try:
            self.context.run(self._call_here)
        except Exception:  # noqa: BLE001  as above
            self.log_failure()

    def log_failure(self) -> None:
        """Log the exception that is being handled as this call's."""
        logger.exception("Background %s, started by %s, failed", self.name, self.started_by)

    async def _awaited(self) -> None:
        result = self.fn(*self.args, **self.kwargs)
        if inspect.isawaitable(result):
            await result

    def _call_here(self) -> None:
        if inspect.iscoroutinefunction(_unwrapped(self.fn)):
            async_to_sync(self._awaited)()
        else:
            self.fn(*self.args, **self.kwargs)


def _unwrapped(fn: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(fn, functools.partial):
        fn = fn.func
    return fn
