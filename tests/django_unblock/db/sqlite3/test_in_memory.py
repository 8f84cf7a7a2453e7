"""A database in memory has one connection, that of the code beneath the loop: all use it in turn."""

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from databases import as_default
from django.core.management import call_command
from django.db import connection, transaction
from django.test import AsyncClient, Client
from pools import backend_pid, interval, one_after_the_other, pool
from testapp.models import Author

from django_unblock import aatomic, background, gather, offload, unblock
from django_unblock.background_work import drain

pytestmark = pytest.mark.usefixtures("in_memory", "clean_tables")


@pytest.fixture(
    scope="module",
    params=[":memory:", "file:unblock?mode=memory&cache=shared"],
    ids=["own", "shared"],
)
def in_memory(request, sqlite):
    with as_default(ENGINE="django_unblock.db.sqlite3", NAME=request.param):
        call_command("migrate", run_syncdb=True, verbosity=0)
        yield


def test_a_loop_sees_what_the_code_beneath_it_wrote_and_the_other_way_round():
    async def write():
        await Author.objects.acreate(name="loop")
        return await Author.objects.acount()

    Author.objects.create(name="beneath")
    assert asyncio.run(write()) == 2
    assert async_to_sync(write)() == 3
    assert Author.objects.count() == 3


async def test_everything_uses_one_connection():
    used = await gather(
        *(unblock(backend_pid)() for _ in range(3)),
        offload(backend_pid)(),
        sync_to_async(backend_pid)(),
        sync_to_async(backend_pid, thread_sensitive=False)(),
    )
    assert len(set(used)) == 1
    assert pool() is None


async def test_it_does_so_in_turn():
    intervals = await gather(*(unblock(interval)(0.05) for _ in range(3)), offload(interval)(0.05))
    assert one_after_the_other(sorted(intervals))


async def test_the_loop_runs_on_during_a_statement():
    query = asyncio.create_task(unblock(interval)(0.2))
    other = asyncio.create_task(asyncio.sleep(0.01))
    done, _ = await asyncio.wait({query, other}, return_when=asyncio.FIRST_COMPLETED)
    assert done == {other}
    await query


async def test_transactions_do_not_mix():
    async def work(name, *, fails):
        async with aatomic():
            await Author.objects.acreate(name=name)
            await asyncio.sleep(0)
            if fails:
                raise LookupError(name)

    await asyncio.gather(
        *(work(str(number), fails=number % 2 == 1) for number in range(6)), return_exceptions=True
    )
    names = [name async for name in Author.objects.order_by("name").values_list("name", flat=True)]
    assert names == ["0", "2", "4"]


async def test_an_iterator_is_read_between_other_queries():
    await Author.objects.abulk_create(Author(name=str(number)) for number in range(5))
    names = []
    async for author in Author.objects.order_by("pk").aiterator(chunk_size=2):
        names.append(author.name)
        assert await Author.objects.acount() == 5
    assert names == ["0", "1", "2", "3", "4"]


async def test_many_cancelled_at_random_points():
    async def work(number):
        async with aatomic():
            await Author.objects.acreate(name=str(number))
            await asyncio.sleep(0)
            await Author.objects.acount()

    tasks = [asyncio.create_task(work(number)) for number in range(60)]
    for number, task in enumerate(tasks):
        if number % 3:
            asyncio.get_running_loop().call_later(number * 0.0007, task.cancel)
    await asyncio.wait(tasks)
    names = {name async for name in Author.objects.values_list("name", flat=True)}
    for number, task in enumerate(tasks):
        assert task.cancelled() or str(number) in names
    assert any(task.cancelled() for task in tasks)
    assert not connection.in_atomic_block


@pytest.mark.parametrize("url", ["/counts/", "/sync-books/{}/"], ids=["async view", "sync view"])
def test_both_clients(url):
    author = Author.objects.create(name="A")
    url = url.format(author.books.create(title="B").pk)
    answers = Client().get(url), asyncio.run(AsyncClient().get(url))
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_background_work():
    background(Author.objects.create, name="later")
    await drain()
    assert await Author.objects.acount() == 1


def test_closing_does_not_lose_it():
    Author.objects.create(name="kept")

    def close():
        connection.close()

    connection.close()
    asyncio.run(unblock(close)())
    assert Author.objects.count() == 1


def test_a_transaction_beneath_the_loop_has_the_loops_work_in_it():
    with transaction.atomic():
        asyncio.run(Author.objects.acreate(name="undone"))
        transaction.set_rollback(True)
    assert Author.objects.count() == 0
