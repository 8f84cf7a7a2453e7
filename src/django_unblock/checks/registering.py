"""How a check is written: a generator of messages, under an id, with one hint."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core import checks

type Messages = Iterator[str]
type Check = Callable[..., list[checks.CheckMessage]]


def check(
    code: str, hint: str = "", tag: str = checks.Tags.compatibility
) -> Callable[[Callable[..., Messages]], Check]:
    """Register a function as the system check of that id: `unblock.E…` an error, `unblock.W…` a warning."""
    level = checks.Error if code.startswith("unblock.E") else checks.Warning

    def register(find: Callable[..., Messages]) -> Check:
        @wraps(find)
        def run(**options: Any) -> list[checks.CheckMessage]:
            return [level(message, hint=hint, id=code) for message in find(**options)]

        checks.register(run, tag)
        return run

    return register
