"""Nothing that fans out can hang on the pool or on the threads, however small they are.

Programs of gather, load, transactions, threads, background work and server-side cursors, nested at
random, run on pools of 1 to 3 connections and 2 worker threads. Each must end, and well.
"""

import asyncio
from dataclasses import dataclass

import pytest
from asgiref.sync import async_to_sync
from django.db import connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pools import stats
from testapp.models import Author

from django_unblock import aatomic, background, gather, load, offload, threads, unblock
from django_unblock.background import drain

# Far beyond what any of them needs: whoever is not done by then never will be.
HUNG_S = 10


@dataclass(frozen=True)
class Do:
    """A step of a program: what it does, and the steps inside it."""

    what: str
    steps: tuple = ()

    def __repr__(self):
        return f"{self.what}({', '.join(map(repr, self.steps))})"


def count():
    return Author.objects.count()


def in_transaction():
    with transaction.atomic():
        count()
        with transaction.atomic():
            return count()


async def iterate():
    async for _ in Author.objects.aiterator(chunk_size=1):
        await asyncio.sleep(0)


LEAVES = {
    "aget": Author.objects.acount,
    "get": unblock(count),
    "load": lambda: load(Author.objects.filter(pk=1), Author.objects.filter(pk=2)),
    "atomic": unblock(in_transaction),
    "thread": offload(count),
    "thread_atomic": offload(in_transaction),
    "iterate": iterate,
    "wait": lambda: asyncio.sleep(0.001),
}


async def run(step):
    if step.what in LEAVES:
        await LEAVES[step.what]()
    else:
        await BRANCHES[step.what](step.steps)
    done.append(step)


async def one_by_one(steps):
    for step in steps:
        await run(step)


async def in_aatomic(steps):
    async with aatomic():
        await one_by_one(steps)


async def tasks_in_aatomic(steps):
    async with aatomic():
        await asyncio.gather(*map(run, steps))


def from_thread(steps):
    async_to_sync(one_by_one)(steps)


def from_thread_in_transaction(steps):
    with transaction.atomic():
        async_to_sync(one_by_one)(steps)


async def behind(steps):
    background(one_by_one, steps)


BRANCHES = {
    "gather": lambda steps: gather(*map(run, steps)),
    "tasks": lambda steps: asyncio.gather(*map(run, steps)),
    "aatomic": in_aatomic,
    "tasks_in_aatomic": tasks_in_aatomic,
    "from_thread": offload(from_thread),
    "from_thread_in_transaction": offload(from_thread_in_transaction),
    "background": behind,
}

done = []
programs = st.recursive(
    st.sampled_from(sorted(LEAVES)).map(Do),
    lambda steps: st.builds(
        Do, st.sampled_from(sorted(BRANCHES)), st.lists(steps, min_size=1, max_size=5).map(tuple)
    ),
    max_leaves=25,
)


def steps_of(step):
    return 1 + sum(map(steps_of, step.steps))


def wide(what, *steps, times=6):
    return Do("tasks", (Do(what, steps),) * times)


@pytest.fixture
def two_threads():
    with override_settings(UNBLOCK={"SYNC_THREADS": 2}):
        threads.workers.cache_clear()
        yield
    threads.workers.cache_clear()


@pytest.fixture
def pool_options():
    options = connections.settings["default"]["OPTIONS"]
    options["pool"] = {}
    yield options["pool"]
    del options["pool"]


@pytest.mark.usefixtures("two_threads")
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(program=programs, size=st.integers(1, 3))
@example(program=wide("gather", *(Do("aget") for _ in range(5))), size=1)
@example(program=wide("from_thread", Do("thread")), size=1)
@example(program=wide("from_thread", Do("from_thread", (Do("thread"),))), size=1)
@example(
    program=Do("tasks", (Do("aatomic", (Do("aget"), Do("thread"))), wide("thread_atomic"))),
    size=1,
)
@example(
    program=Do("tasks_in_aatomic", (Do("aatomic", (Do("aget"), Do("thread"))), wide("thread"))),
    size=1,
)
@example(program=wide("from_thread_in_transaction", Do("aget"), Do("thread")), size=1)
def test_every_program_ends(program, size, pool_options):
    async def main():
        async with asyncio.timeout(HUNG_S):
            await run(program)
            await drain(HUNG_S)
        return stats()

    done.clear()
    pool_options.update(max_size=size, timeout=HUNG_S)
    assert asyncio.run(main())["in use"] == 0
    assert len(done) == steps_of(program)
