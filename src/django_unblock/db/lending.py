"""What a driver's connection needs to be lent: one user at a time, and an end to what it runs."""

import asyncio
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django_unblock import ownership
from django_unblock.turns import FairLock

if TYPE_CHECKING:
    from django_unblock.db.pools import Pool


class Turn(FairLock):
    """The lock that a connection holds through every exchange with the database.

    Besides excluding others, it makes sure that the code has its turn in a shared transaction.
    """

    __slots__ = ("alias",)

    def __init__(self) -> None:
        super().__init__()
        self.alias: str | None = None

    def acquire(self, seconds: float | None = None) -> None:
        """Return when it is the caller's turn; raises what `ownership.ensure_turn` raises."""
        if self.alias is not None:
            ownership.ensure_turn(self.alias)
        super().acquire(seconds)


class Lendable:
    """Put before a driver's connection class.

    Attributes:
        lent_by: the pool it belongs to, if any.
        introduced: Django's session settings as they were made on it; None before.
        turn: held through every exchange with the database.
        server_cursors: the cursors that have rows left to read from the database.
        gone: it is closed.
    """

    lent_by: "Pool | None" = None
    introduced: object = None
    gone: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn = Turn()
        self.server_cursors: weakref.WeakSet[Any] = weakref.WeakSet()
        self._completing = False

    def is_engaged(self) -> bool:
        """Return whether something that reads from this connection is still open."""
        if self.turn.is_busy():
            return True
        return bool(self.server_cursors) and any(not one.closed for one in self.server_cursors)

    @contextmanager
    def to_completion(self) -> Iterator[None]:
        """Have a cancellation wait for the outcome of what is done meanwhile."""
        self._completing = True
        try:
            yield
        finally:
            self._completing = False

    def _must_complete(self) -> bool:
        """Whether a cancelled statement is to be completed: others share its transaction."""
        return self._completing or (
            self.turn.alias is not None and ownership.shares(self.turn.alias)
        )

    def _cancelled(self, cancelled: asyncio.CancelledError) -> None:
        """Raise the cancellation; if that must wait, where the task waits next."""
        task = asyncio.current_task()
        if not self._completing or task is None:
            raise cancelled
        task.uncancel()
        task.cancel(*cancelled.args)
