"""The background work of an event loop: who runs, who waits for a place, and the end of the loop."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from django_unblock import conf
from django_unblock.work import Work

type Loop = asyncio.AbstractEventLoop

logger = logging.getLogger("django_unblock.background")


class Job(asyncio.Task[None]):
    """A task that makes one call, and that the end of its loop leaves the time to finish.

    `asyncio.run` cancels every task left when its coroutine has ended, then waits for them. It does
    so while the loop stands still, which tells this from any other cancellation. So a loop that
    lives for one response (an async view under WSGI) ends with its work done.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, None], work: Work, loop: Loop) -> None:
        super().__init__(coroutine, loop=loop, name=work.name, context=work.context)
        self.work = work

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the call; at the end of the loop, only after DRAIN_SECONDS."""
        loop = self.get_loop()
        if loop.is_running():
            return super().cancel(msg)
        seconds = conf.current().DRAIN_SECONDS
        loop.call_later(seconds, self.give_up, seconds)
        return False

    def give_up(self, seconds: float) -> None:
        """Cancel the call and log that it was not finished."""
        if not self.done():
            logger.error(
                "Background %s, started by %s, was not finished %s s after its loop's end",
                self.work.name,
                self.work.started_by,
                seconds,
            )
            super().cancel()


class Jobs:
    """The jobs of one loop. They are referred to here until they are done."""

    def __init__(self, limit: int) -> None:
        self.unfinished: set[Job] = set()
        self._places = asyncio.Semaphore(limit)

    async def run(self, work: Work) -> None:
        """Make the call when fewer than the limit are being made; first come, first served."""
        async with self._places:
            await work.run_on_loop()


_by_loop: dict[Loop, Jobs] = {}


def start(work: Work) -> None:
    """Make the call in a task of the running loop, at most BACKGROUND_LIMIT of them at once."""
    loop = asyncio.get_running_loop()
    jobs = _by_loop.get(loop)
    if jobs is None:
        jobs = _by_loop[loop] = Jobs(conf.current().BACKGROUND_LIMIT)
    job = Job(jobs.run(work), work, loop)
    jobs.unfinished.add(job)
    job.add_done_callback(_forget)


async def drain(seconds: float | None = None) -> None:
    """Wait until the running loop's background work is done, what it starts itself included.

    What is not done after `seconds` (default: DRAIN_SECONDS) is cancelled and logged by name.
    """
    seconds = conf.current().DRAIN_SECONDS if seconds is None else seconds
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (unfinished := _others(loop)) and (left := deadline - loop.time()) > 0:
        await asyncio.wait(unfinished, timeout=left)
    for job in unfinished:
        job.give_up(seconds)
    if unfinished:
        await asyncio.wait(unfinished)


def _others(loop: Loop) -> set[Job]:
    jobs = _by_loop.get(loop)
    return jobs.unfinished - {asyncio.current_task()} if jobs is not None else set()


def _forget(job: asyncio.Task[None]) -> None:
    loop = job.get_loop()
    jobs = _by_loop[loop]
    jobs.unfinished.discard(job)
    if not jobs.unfinished:
        del _by_loop[loop]
