"""Tasks in this process, each cancelled where it waits for the n-th time, the n drawn from the seed."""

import asyncio
import json
import random
import time
import types
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable
from contextlib import aclosing, closing
from dataclasses import replace
from itertools import count
from typing import Any

from django_unblock import bridge, unblock
from tools.chaos.project import bank
from tools.chaos.records import Answer, Ask, Outcome
from tools.chaos.traffic import Traffic

PHASE = "tasks cancelled"
AT_ONCE = 20
# How often a task waits before it is done: more than this only now and then.
WAITS = 40
CANCELLED = 0.8
TWICE = 0.3


async def run(traffic: Traffic, numbers: range) -> list[Answer]:
    """Run the numbered requests' work in tasks, many at once, most of them cancelled at some point."""
    answers: list[Answer] = []
    left = iter(numbers)

    async def work() -> None:
        for number in left:
            ask = traffic.ask(number)
            if ask.kind in _WORK:
                answers.append(await _attempt(_expecting(ask), _points(traffic.seed, number)))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return answers


def _points(seed: int, number: int) -> list[int]:
    """The waits of the task at which it is cancelled."""
    rng = random.Random(f"{seed}/points/{number}")  # noqa: S311 - not for secrets
    if rng.random() > CANCELLED:
        return []
    first = rng.randint(1, WAITS)
    return [first, first + rng.randint(1, 3)] if rng.random() < TWICE else [first]


async def _attempt(ask: Ask, points: list[int]) -> Answer:
    began = time.monotonic()
    task = asyncio.create_task(_cancelled_at(points, _WORK[ask.kind](ask)), name=ask.token)
    await asyncio.wait([task])
    ended = time.monotonic()
    if task.cancelled():
        return Answer(ask, PHASE, Outcome.DROPPED, began, ended)
    status, body = 200, None
    if (error := task.exception()) is not None:
        status = 500
        body = {"error": [kind.__name__ for kind in type(error).__mro__], "message": str(error)}
    else:
        body = json.loads(json.dumps(task.result()))
    return Answer(ask, PHASE, Outcome.ANSWERED, began, ended, status, ask.token, body)


async def _cancelled_at(points: list[int], coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Await the coroutine; cancel the running task where it waits for the time named, or times."""
    return await _stepped(points, coroutine)


@types.coroutine
def _stepped(points: list[int], coroutine: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
    step: Callable[[Any], Any] = coroutine.send
    value: Any = None
    try:
        for waits in count(1):
            awaited = step(value)
            if waits in points:
                _cancel_this()
            try:
                value, step = (yield awaited), coroutine.send
            except BaseException as error:  # noqa: BLE001 - the coroutine's to handle
                value, step = error, coroutine.throw
    except StopIteration as done:
        return done.value
    finally:
        value = None  # kept here, an error would keep alive this frame and what it runs


def _cancel_this() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.cancel()


def _ids(ask: Ask) -> list[int]:
    return [int(pk) for pk in ask.path.rpartition("=")[2].split(",")]


def _expecting(ask: Ask) -> Ask:
    """The request, expecting what the bank's function returns instead of what its view answers."""
    if isinstance(ask.expected, list):
        return replace(ask, expected=ask.expected[1:])
    return replace(ask, expected=ask.expected.get("owners", ask.expected))


def _transfer(ask: Ask) -> Coroutine[Any, Any, Any]:
    return unblock(bank.transfer)(ask.token, ask.move, refuse=ask.refused)


def _stream(ask: Ask) -> Coroutine[Any, Any, Any]:
    def read() -> list[str]:
        with closing(bank.streamed(_ids(ask))) as owners:
            return list(_pausing(owners))

    return unblock(read)()


def _pausing(owners: Iterable[str]) -> Generator[str]:
    for owner in owners:
        bridge.wait(asyncio.sleep(0))
        yield owner


async def _collected(owners: AsyncGenerator[str]) -> list[str]:
    async with aclosing(owners):
        return [owner async for owner in owners]


_WORK: dict[str, Callable[[Ask], Coroutine[Any, Any, Any]]] = {
    "transfer": _transfer,
    "atransfer": lambda ask: bank.atransfer(ask.token, ask.move, refuse=ask.refused),  # type: ignore[arg-type]  # has one
    "gathered": lambda ask: bank.owners_at_once(_ids(ask)),
    "nested": lambda ask: bank.owners_nested(_ids(ask)),
    "slow": lambda ask: _listed(unblock(bank.owner_slowly)(_ids(ask)[0], 0.02)),
    "stream": _stream,
    "astream": lambda ask: _collected(bank.astreamed(_ids(ask))),
}


async def _listed(owner: Coroutine[Any, Any, str]) -> list[str]:
    return [await owner]
