"""The background work of an event loop: who runs, who waits for a place, and the end of the loop."""

import asyncio
import atexit
import logging
from collections.abc import Coroutine
from contextlib import nullcontext
from functools import partial
from typing import Any

from django_unblock import conf
from django_unblock.loops import Loop
from django_unblock.work import Work

logger = logging.getLogger("django_unblock.background")

CANCELLING_SECONDS = 1.0


class Job(asyncio.Task[None]):
    """A task that makes one call, and that the end of its loop leaves the time to finish.

    `asyncio.run` cancels every task left when its coroutine has ended, then waits for them. It does
    so while the loop stands still, which tells this from any other cancellation.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, None], work: Work, loop: Loop) -> None:
        super().__init__(coroutine, loop=loop, name=work.name, context=work.context)
        self.work = work

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the call; at the end of the loop, only after DRAIN_SECONDS."""
        loop = self.get_loop()
        if loop.is_running():
            return super().cancel(msg)
        loop.call_later(conf.current().DRAIN_SECONDS, super().cancel)
        return False

    def tell_unfinished(self) -> None:
        """Log that the call was not finished."""
        logger.error(
            "Background %s, started by %s, was not finished", self.work.name, self.work.started_by
        )


class Jobs:
    """The jobs of one loop. They are referred to here until they are done.

    Those that block a worker thread get half of the threads: views need them too.
    """

    def __init__(self, limit: int, threads: int) -> None:
        self.unfinished: set[Job] = set()
        self._places = asyncio.Semaphore(limit)
        self._threads = asyncio.Semaphore(max(1, threads // 2))

    async def run(self, work: Work) -> None:
        """Make the call when fewer than the limit are being made; first come, first served."""
        async with self._threads if work.in_thread else nullcontext(), self._places:
            await work.run_on_loop()


_by_loop: dict[Loop, Jobs] = {}


def start(work: Work) -> None:
    """Make the call in a task of the running loop, at most BACKGROUND_LIMIT of them at once."""
    loop = asyncio.get_running_loop()
    jobs = _by_loop.get(loop)
    if jobs is None:
        settings = conf.current()
        jobs = _by_loop[loop] = Jobs(settings.BACKGROUND_LIMIT, settings.SYNC_THREADS)
    job = Job(jobs.run(work), work, loop)
    jobs.unfinished.add(job)
    job.add_done_callback(partial(_forget, job))


async def finish() -> None:
    """Wait until the running loop's background work is done, what it starts itself included."""
    while unfinished := _others():
        await asyncio.wait(unfinished)


async def drain(seconds: float | None = None) -> None:
    """Wait until the running loop's background work is done, what it starts itself included.

    What is not done after `seconds` (default: DRAIN_SECONDS) is cancelled and logged by name.
    """
    try:
        async with asyncio.timeout(conf.current().DRAIN_SECONDS if seconds is None else seconds):
            await finish()
    except TimeoutError:
        for job in (unfinished := _others()):
            job.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=CANCELLING_SECONDS)


def _others() -> set[Job]:
    jobs = _by_loop.get(asyncio.get_running_loop())
    return jobs.unfinished - {asyncio.current_task()} if jobs is not None else set()


def _forget(job: Job, _task: object) -> None:
    loop = job.get_loop()
    jobs = _by_loop[loop]
    jobs.unfinished.discard(job)
    if not jobs.unfinished:
        del _by_loop[loop]
    if job.cancelled():
        job.tell_unfinished()


@atexit.register
def tell_of_all() -> None:
    """Log by name the calls that the process ends without, as under a server without lifespan."""
    for jobs in _by_loop.values():
        for job in jobs.unfinished:
            job.tell_unfinished()
