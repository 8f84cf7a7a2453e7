"""An event loop whose interleavings follow a seed, so that a race is found, and found again.

What a program on an event loop may not rely on is the order in which operations complete, and the order in which tasks
take their turns. Both are drawn from the seed here:

* The loop is told of one completion at a time. Once nothing else is left to do it waits until every operation under way
  has completed, or `GRACE_S` has passed since the last one did, and then delivers one of those that have. The others
  come when it waits again, or between the turns of tasks before that. An operation that needs longer than `GRACE_S` is
  simply the slower one.
* Tasks that are ready to run take their turns in any order, and now and then one has to wait for a round more. All
  other callbacks keep their order, which asyncio promises
  (https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.call_soon).

Worker threads run as they run; of what they send back only the tasks' turns are drawn.
"""

import asyncio
import random
import selectors
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import FileDescriptorLike

type Events = list[tuple[selectors.SelectorKey, int]]

GRACE_S = 0.1
_PASSED_OVER = 4  # of so many turns of tasks, one comes a round later


class Schedule:
    """The draws of one run; without a seed everything goes as it comes.

    Attributes:
        completed: how many completions were delivered since `begin`.
        on_completion: called after each, before the loop hears of it.
    """

    def __init__(self) -> None:
        self.completed = 0
        self.on_completion: Callable[[int], None] | None = None
        self._draws: random.Random | None = None

    def begin(self, seed: int | None, completed: int = 0) -> None:
        """Draw by this seed from now on, and count on from `completed`."""
        self.completed = completed
        self.on_completion = None
        self._draws = None if seed is None else random.Random(seed)  # noqa: S311  # it must repeat

    @property
    def is_drawn(self) -> bool:
        """Whether there is a seed."""
        return self._draws is not None

    def draw(self, count: int) -> int:
        """One of the first `count` numbers."""
        return self._draws.randrange(count) if self._draws is not None and count > 1 else 0

    def complete(self) -> None:
        """Count a completion."""
        self.completed += 1
        if self.on_completion is not None:
            self.on_completion(self.completed)


class ScheduledLoop(asyncio.SelectorEventLoop):
    """A loop that runs by `schedule`."""

    def __init__(self) -> None:
        self.schedule = Schedule()
        selector = _Selector(self.schedule)
        super().__init__(selector)
        selector.wakes = self._ssock.fileno()  # type: ignore[attr-defined]  # asyncio's own
        self._ready = _Ready(self.schedule)


class _Selector(selectors.DefaultSelector):
    """Tells the loop of one completion at a time.

    Attributes:
        wakes: the socket by which other threads wake the loop: no completion of an operation.
    """

    wakes = -1

    def __init__(self, schedule: Schedule) -> None:
        super().__init__()
        self._schedule = schedule
        self._order: dict[int, int] = {}
        self._registered = 0
        self._held: Events = []

    def register(
        self, fileobj: "FileDescriptorLike", events: int, data: object = None
    ) -> selectors.SelectorKey:
        """Remember in which order operations began: descriptors' numbers depend on chance."""
        key = super().register(fileobj, events, data)
        self._registered += 1
        self._order[key.fd] = self._registered
        return key

    def select(self, timeout: float | None = None) -> Events:
        """What the loop is to hear of now."""
        if not self._schedule.is_drawn:
            events = super().select(timeout)
            for _ in range(sum(key.fd != self.wakes for key, _ in events)):
                self._schedule.complete()
            return events
        if timeout is not None and timeout <= 0:
            held = self._held if self._schedule.draw(2) else []
            return self._wakings(super().select(0)) or self._one_of(held)
        events = self._all_under_way(timeout)
        return self._wakings(events) or self._one_of(events)

    def _all_under_way(self, timeout: float | None) -> Events:
        """Wait for whatever comes first, then for the rest, as long as it keeps coming."""
        events = super().select(timeout)
        under_way = sum(_is_awaited(key) for key in self.get_map().values()) - 1
        until = time.monotonic() + GRACE_S
        while events and len(self._completions(events)) < under_way:
            if self._wakings(events) or (left := until - time.monotonic()) <= 0:
                break
            time.sleep(min(left, 0.001))
            more = super().select(0)
            if len(more) > len(events):
                until = time.monotonic() + GRACE_S
            events = more or events
        return events

    def _one_of(self, events: Events) -> Events:
        """One of the completions, unless nobody waits for it any more; the others are held."""
        there = [event for event in events if self.get_map().get(event[0].fd) is event[0]]
        if not there:
            return []
        there.sort(key=lambda event: self._order[event[0].fd])
        self._schedule.complete()
        chosen = there.pop(self._schedule.draw(len(there)))
        self._held = there
        return [chosen]

    def _wakings(self, events: Events) -> Events:
        return [event for event in events if event[0].fd == self.wakes]

    def _completions(self, events: Events) -> Events:
        return [event for event in events if event[0].fd != self.wakes]


def _is_awaited(key: selectors.SelectorKey) -> bool:
    """Whether an operation is under way on it: the runtime has idle connections watched, too."""
    owners = (getattr(handle._callback, "__self__", None) for handle in key.data if handle)
    return any(getattr(owner, "is_awaited", True) for owner in owners)


class _Ready(deque[asyncio.Handle]):
    """The loop's queue: of the tasks that stand at its head together, any may be the next."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__()
        self._schedule = schedule

    def popleft(self) -> asyncio.Handle:
        """The handle whose turn it is."""
        if not self._schedule.is_drawn:
            return super().popleft()
        while len(self) > 1 and self._tasks_at_head() and not self._schedule.draw(_PASSED_OVER):
            self.append(self._drawn())
        return self._drawn()

    def _drawn(self) -> asyncio.Handle:
        self.rotate(-(drawn := self._schedule.draw(self._tasks_at_head())))
        handle = super().popleft()
        self.rotate(drawn)
        return handle

    def _tasks_at_head(self) -> int:
        count = 0
        for handle in self:
            if not _is_turn_of_task(handle):
                break
            count += 1
        return count


def _is_turn_of_task(handle: asyncio.Handle) -> bool:
    callback: object = handle._callback  # type: ignore[attr-defined]  # asyncio's own
    return isinstance(getattr(callback, "__self__", None), asyncio.Task)
