"""A lock, future, task or client that belongs to another event loop, or to one that has ended."""

import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"attached to a different loop|is bound to a different event loop|belongs to a different loop|Event loop is closed"
)


def _advise(_case: Case) -> Advice:
    why = (
        "It was made in one event loop and is used in another, or in none: every `asyncio.run`, every `async_to_sync` "
        "from a plain thread and every async test has a loop of its own."
    )
    fixes = (
        Fix(
            "Make locks, clients, pools and tasks inside the coroutine that uses them, or once in each loop, not at "
            "import."
        ),
        Fix(
            "Under ASGI keep everything on the server's loop: await, where `asyncio.run` or `async_to_sync` is called."
        ),
        Fix("For HTTP, `django_unblock.http` keeps one client for each loop."),
    )
    return Advice(why, fixes)


ENTRY = Entry(
    code="U353",
    title="something of another event loop",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "lock",
            code="""\
import asyncio

LOCK = asyncio.Lock()


async def contend():
    async with LOCK:
        await asyncio.sleep(0.01)


async def work():
    await asyncio.gather(contend(), contend())


def main():
    asyncio.run(work())
    asyncio.run(work())
""",
            expression="LOCK",
            fix="",
            run="script",
        ),
        Example(
            "future",
            code="""\
import asyncio


async def make():
    return asyncio.get_running_loop().create_future()


async def wait(future):
    return await future


def main():
    future = asyncio.run(make())
    asyncio.run(wait(future))
""",
            expression="await future",
            fix="",
            run="script",
        ),
        Example(
            "closed",
            code="""\
import asyncio


class Client:
    loop = None

    async def connect(self):
        self.loop = asyncio.get_running_loop()

    def close(self):
        self.loop.call_soon(print)


def main():
    client = Client()
    asyncio.run(client.connect())
    client.close()
""",
            expression="self.loop.call_soon(print)",
            fix="",
            run="script",
        ),
    ),
)
