"""The bounded pool of worker threads, for what can't run on the loop."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from asgiref.sync import SyncToAsync

from django_unblock import conf


@cache
def workers() -> ThreadPoolExecutor:
    """Return the process's worker threads: ``UNBLOCK["SYNC_THREADS"]`` of them."""
    return ThreadPoolExecutor(conf.current().SYNC_THREADS, thread_name_prefix="unblock")


async def run[**P, R](fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous callable in a worker thread and return its result.

    Context variables go in and come out; ``async_to_sync`` in it comes back to this loop. Database
    connections are borrowed from this loop's pools, or shared in the transaction it is called in:
    the patched ``SyncToAsync`` sees to that.
    """
    call = SyncToAsync(fn, thread_sensitive=False, executor=workers())
    return await call(*args, **kwargs)
