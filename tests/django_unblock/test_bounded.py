"""Nothing that fans out can hang on the pool or on the threads, however small they are.

Programs of gather, load, transactions, threads, background work and server-side cursors, nested at
random, run on pools of 1 to 3 connections and 2 worker threads. Each must end, and well.
"""

import asyncio
from dataclasses import dataclass

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import OperationalError, connections, transaction
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pools import stats, until
from testapp.models import Author

from django_unblock import aatomic, background, gather, load, offload, scopes, threads, unblock
from django_unblock.background_work import drain
from django_unblock.errors import OwnershipError

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
    if leaf := LEAVES.get(step.what) or GREEDY_LEAVES.get(step.what):
        await leaf()
    else:
        await (BRANCHES | GREEDY_BRANCHES)[step.what](step.steps)
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


async def around_iterate(steps):
    async for _ in Author.objects.aiterator(chunk_size=1):
        await asyncio.gather(*map(run, steps))


async def beside_aatomic(steps):
    """A transaction waits for tasks that were started before it and are not in it."""
    tasks = [asyncio.create_task(run(step)) for step in steps]
    async with aatomic():
        await Author.objects.acount()
        await asyncio.gather(*tasks)


BRANCHES = {
    "gather": lambda steps: gather(*map(run, steps)),
    "tasks": lambda steps: asyncio.gather(*map(run, steps)),
    "aatomic": in_aatomic,
    "tasks_in_aatomic": tasks_in_aatomic,
    "from_thread": offload(from_thread),
    "from_thread_in_transaction": offload(from_thread_in_transaction),
    "background": behind,
}

# These hold a connection and wait for somebody else who may need one: a wait that the pool's timeout
# ends. With sync_to_async, all of a request's threads are one.
GREEDY_LEAVES = {"sync_to_async": sync_to_async(count)}
GREEDY_BRANCHES = {"around_iterate": around_iterate, "beside_aatomic": beside_aatomic}

done = []


def programs(leaves, branches):
    return st.recursive(
        st.sampled_from(sorted(leaves)).map(Do),
        lambda steps: st.builds(
            Do,
            st.sampled_from(sorted(branches)),
            st.lists(steps, min_size=1, max_size=5).map(tuple),
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
def an_author(clean_tables):
    Author.objects.create(name="one")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(scopes, "TURN_SECONDS", 0.05)


def run_on_pool(coroutine, **options):
    """Run a coroutine on a pool of its own; plain synchronous code is to have none."""
    settings = connections.settings["default"]["OPTIONS"]
    settings["pool"] = options
    try:
        return asyncio.run(coroutine)
    finally:
        del settings["pool"]


@pytest.mark.usefixtures("two_threads")
@settings(max_examples=80, deadline=None)
@given(program=programs(LEAVES, BRANCHES), size=st.integers(1, 3))
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
def test_every_program_ends(program, size):
    async def main():
        async with asyncio.timeout(HUNG_S):
            await run(program)
            await drain(HUNG_S)
        return stats()

    done.clear()
    assert run_on_pool(main(), max_size=size, timeout=HUNG_S)["in use"] == 0
    assert len(done) == steps_of(program)


@pytest.mark.usefixtures("two_threads", "an_author", "impatient")
@settings(max_examples=40, deadline=None)
@given(program=programs(LEAVES | GREEDY_LEAVES, BRANCHES | GREEDY_BRANCHES), size=st.integers(1, 3))
@example(program=Do("around_iterate", (Do("aget"),)), size=1)
@example(program=Do("aatomic", (Do("beside_aatomic", (Do("thread"), Do("aget"))),)), size=1)
@example(program=Do("beside_aatomic", (Do("aget"), Do("thread"))), size=1)
def test_a_program_that_can_not_be_done_ends_with_an_error_that_says_why(program, size):
    async def main():
        async with asyncio.timeout(HUNG_S):
            try:
                await asyncio.create_task(run(program))
            except (OperationalError, OwnershipError) as error:
                assert str(error)[:4] in ("R301", "R203")  # noqa: PT017 - either is right
            await drain(HUNG_S)
            await until(lambda: stats()["in use"] == 0)

    run_on_pool(main(), max_size=size, timeout=0.05)


@pytest.mark.usefixtures("impatient")
async def test_a_block_that_waits_for_an_older_task_of_its_transaction():
    async def wait_in_block_for(task):
        async with aatomic():
            await Author.objects.acount()
            await task

    async def both():
        async with aatomic():
            older = asyncio.create_task(Author.objects.acount())
            await wait_in_block_for(older)

    async with asyncio.timeout(HUNG_S):
        with pytest.raises(OwnershipError, match=r"R203: .* Task-.* keeps it, in an atomic block"):
            await both()
    assert stats()["in use"] == 0
