"""Streaming responses whose iterator is synchronous, sent part by part.

Django's ASGI handler reads such an iterator to its end before it sends anything.
"""

from collections.abc import AsyncIterator, Iterator

from django_unblock import bridge, ownership, threads
from django_unblock.scopes import Scope, scope_for_thread


async def parts(iterator: Iterator[bytes], *, in_threads: bool) -> AsyncIterator[bytes]:
    """Yield the iterator's parts; it runs in worker threads, part by part, or on the loop.

    A server-side cursor that it reads from stays open from part to part.
    """
    if not in_threads or ownership.is_called_from_sync():
        while (part := await bridge.run(_next, iterator)) is not None:
            yield part
        return
    scope = scope_for_thread()
    try:
        while (part := await threads.run(_next_as, scope, iterator)) is not None:
            yield part
    finally:
        scope.finish()


def _next(iterator: Iterator[bytes]) -> bytes | None:
    return next(iterator, None)


def _next_as(scope: Scope, iterator: Iterator[bytes]) -> bytes | None:
    with threads.working_as(scope):
        return next(iterator, None)
