"""Worker threads, for what can't run on the loop: a bounded pool, and how they borrow."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from asgiref.sync import SyncToAsync

from django_unblock import conf, ownership
from django_unblock.scopes import Scope, levels, scope_for_thread, thread


@cache
def workers(_depth: tuple[int, int]) -> ThreadPoolExecutor:
    """Return the process's worker threads for that `ownership.depth`, at most SYNC_THREADS of them.

    A thread may wait for a transaction's connection, or for a coroutine that it has called. If what
    those need a thread for had to wait for the same threads, all could wait for each other.
    """
    return ThreadPoolExecutor(conf.current().SYNC_THREADS, thread_name_prefix="unblock")


async def run[**P, R](fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous callable in a worker thread and return its result.

    Context variables go in and come out; ``async_to_sync`` in it comes back to this loop. Database
    connections are borrowed from this loop's pools, or shared in the transaction it is called in:
    the patched ``SyncToAsync`` sees to that.
    """
    call = SyncToAsync(fn, thread_sensitive=False, executor=workers(ownership.depth()))
    return await call(*args, **kwargs)


def worker_call[**P, R](fn: Callable[P, R]) -> Callable[P, R]:
    """Return ``fn`` for a worker thread: it borrows from this loop's pools, and gives all back.

    What it is called in here encloses it there.
    """
    scope, around = scope_for_thread(), ownership.enclosing()

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        token = levels.set(around)
        try:
            with working_as(scope):
                return fn(*args, **kwargs)
        finally:
            scope.finish()
            levels.reset(token)

    return call


def is_worker() -> bool:
    """Return whether the running code was called in a worker thread by a loop of ours."""
    return thread.scope is not None


@contextmanager
def working_as(scope: Scope) -> Iterator[None]:
    """In a worker thread: borrow for that scope, which outlives the block."""
    outer, thread.scope = thread.scope, scope
    try:
        yield
    finally:
        thread.scope = outer


@contextmanager
def waiting() -> Iterator[None]:
    """In a worker thread, wait for the loop: give up what may be given up."""
    if thread.scope is None:
        yield
        return
    thread.scope.pause()
    with ownership.waited_for():
        yield
