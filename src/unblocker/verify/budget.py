"""How long trials may go on, shared out fairly: the views that come first must not use up all of it."""

import time
from collections.abc import Callable


class Budget:
    """Gives each view, when its turn comes, an equal share of what is left for those that had none yet.

    What a view does not use is there for the next ones.
    """

    def __init__(
        self, seconds: float | None, views: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self._waiting = views
        self._left: dict[str, float] = {}

    def deadline(self, view: str) -> float | None:
        """When this view's trials are to end that begin now, by the clock; None for never."""
        if self._end is None:
            return None
        now = self._clock()
        if view not in self._left:
            self._left[view] = (self._end - now) / max(1, self._waiting)
            self._waiting -= 1
        return min(self._end, now + self._left[view])

    def is_over(self, deadline: float | None) -> bool:
        """Whether it has passed."""
        return deadline is not None and self._clock() >= deadline

    def spent(self, view: str, deadline: float | None) -> None:
        """Keep what is left of the view's share up to its deadline for its next trials."""
        if deadline is not None:
            self._left[view] = max(0.0, deadline - self._clock())
