"""Room for reading, planning and telling code that is nested deeply: a chain of a thousand calls or branches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FRAMES = 20_000
"""Python's frames live on the heap; what needs the C stack has a limit of its own, which this leaves alone."""


@contextmanager
def deep_nesting() -> Iterator[None]:
    """Raise Python's limit of nested calls while inside."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
