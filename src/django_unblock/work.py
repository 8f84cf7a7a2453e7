"""One call to be made off the response's path, as it was when it was asked for."""

import inspect
import logging
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync

from django_unblock import bridge, ownership, threads
from django_unblock.origin import Origin

logger = logging.getLogger("django_unblock.background")


def _context() -> Context:
    with ownership.outside():
        return copy_context()


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A call to be made.

    Attributes:
        call: the function with its arguments.
        origin: the request that asked for the call, if any.
        in_thread: it blocks in a way that the bridge can't help, as sending mail does.
        context: the context variables as they are now, but outside of any transaction.
    """

    call: partial[Any]
    origin: Origin | None
    in_thread: bool = False
    context: Context = field(default_factory=_context)

    @property
    def name(self) -> str:
        """The function's module and qualified name."""
        return name_of(self.call.func)

    @property
    def started_by(self) -> str:
        """The method and path of the request that asked for the call."""
        return self.origin.path if self.origin is not None else "no request"

    async def run_on_loop(self) -> None:
        """Make the call on the running loop, blocking nothing; a failure is logged."""
        try:
            if self.in_thread:
                await threads.run(self.call)
            else:
                await bridge.drive(self._awaited())
        except Exception:  # noqa: BLE001  the work is the project's code
            self.log_failure()

    def run_here(self) -> None:
        """Make the call in this thread, where no loop runs; a failure is logged."""
        is_async = inspect.iscoroutinefunction(self.call.func)
        try:
            self.context.run(async_to_sync(self._awaited) if is_async else self.call)
        except Exception:  # noqa: BLE001  as above
            self.log_failure()

    def log_failure(self) -> None:
        """Log the exception that is being handled as this call's."""
        logger.exception("Background %s, started by %s, failed", self.name, self.started_by)

    async def _awaited(self) -> None:
        result = self.call()
        if inspect.isawaitable(result):
            await result


def name_of(fn: Any) -> str:
    """The module and qualified name of a function, or of the class of another callable."""
    named = fn if hasattr(fn, "__qualname__") else type(fn)
    return f"{named.__module__}.{named.__qualname__}"
