"""urllib3's retries, whose pauses let other tasks run."""

import asyncio
import copy
import time
from typing import Any

from urllib3.util.retry import Retry

from django_unblock import bridge


class _Pausing(Retry):
    def sleep(self, response: Any = None) -> None:
        """Wait for as long as the server asked for, or else for the backoff time."""
        asked = None
        if response is not None and self.respect_retry_after_header:
            asked = self.get_retry_after(response)
        seconds = asked or self.get_backoff_time()
        if seconds > 0:
            _pause(seconds)


def pausing(retry: Retry) -> Retry:
    """Return the same policy, of a class that waits for the event loop."""
    kind = type(retry)
    twin = copy.copy(retry)
    twin.__class__ = type(kind.__name__, (_Pausing, kind), {})
    return twin


def _pause(seconds: float) -> None:
    if bridge.inside():
        bridge.wait(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)
