"""The seeded loop: the same seed, the same interleaving; other seeds, others; what asyncio promises holds."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from unblocker.verify.schedule import ScheduledLoop

SEEDS = range(25)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=ScheduledLoop) as runner:
        yield runner


def run(runner: asyncio.Runner, seed: int | None) -> str:
    loop = runner.get_loop()
    assert isinstance(loop, ScheduledLoop)
    loop.schedule.begin(seed)
    return runner.run(interleaving())


async def interleaving() -> str:
    """The order in which four operations end and the tasks behind them go on."""
    log: list[str] = []
    await asyncio.gather(*(operation(name, log) for name in "abcd"))
    return "".join(log)


async def operation(name: str, log: list[str]) -> None:
    near, far = socket.socketpair()
    near.setblocking(False)
    with near, far:
        threading.Timer(0.001, far.send, (b"x",)).start()
        await asyncio.get_running_loop().sock_recv(near, 1)
        log.append(name)
        await asyncio.sleep(0)
        log.append(name.upper())


def test_a_seed_repeats_its_interleaving(runner: asyncio.Runner) -> None:
    for seed in SEEDS:
        assert run(runner, seed) == run(runner, seed)


def test_seeds_differ(runner: asyncio.Runner) -> None:
    firsts = {run(runner, seed)[0] for seed in SEEDS}
    assert firsts == set("abcd")


def test_completions_are_counted_with_and_without_a_seed(runner: asyncio.Runner) -> None:
    loop = runner.get_loop()
    assert isinstance(loop, ScheduledLoop)
    for seed in (None, 1):
        run(runner, seed)
        assert loop.schedule.completed > 0


def test_callbacks_keep_their_order(runner: asyncio.Runner) -> None:
    async def calls() -> list[int]:
        log: list[int] = []
        loop = asyncio.get_running_loop()
        other = asyncio.ensure_future(asyncio.sleep(0))
        for number in range(20):
            loop.call_soon(log.append, number)
        await other
        while len(log) < 20:  # noqa: ASYNC110
            await asyncio.sleep(0)
        return log

    loop = runner.get_loop()
    assert isinstance(loop, ScheduledLoop)
    for seed in SEEDS:
        loop.schedule.begin(seed)
        assert runner.run(calls()) == list(range(20))


def test_a_timer_ends_a_wait_in_which_nothing_completes(runner: asyncio.Runner) -> None:
    async def wait() -> str:
        near, far = socket.socketpair()
        near.setblocking(False)
        with near, far:
            try:
                await asyncio.wait_for(asyncio.get_running_loop().sock_recv(near, 1), 0.01)
            except TimeoutError:
                return "ended"
        return "received"

    loop = runner.get_loop()
    assert isinstance(loop, ScheduledLoop)
    loop.schedule.begin(3)
    assert runner.run(wait()) == "ended"
