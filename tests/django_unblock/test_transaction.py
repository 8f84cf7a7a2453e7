import asyncio

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from testapp.models import Author, Tag

from django_unblock import aatomic, bridge, unblock

pytestmark = pytest.mark.usefixtures("clean_tables")


async def names():
    return [author.name async for author in Author.objects.order_by("name")]


async def test_it_commits():
    async with aatomic():
        await Author.objects.acreate(name="a")
    assert await names() == ["a"]


async def test_it_rolls_back_and_lets_the_error_through():
    async def work():
        async with aatomic():
            await Author.objects.acreate(name="a")
            raise LookupError("seen")

    with pytest.raises(LookupError, match="seen"):
        await work()
    assert await names() == []


async def test_as_a_decorator():
    @aatomic
    async def bare(name):
        await Author.objects.acreate(name=name)
        assert connection.in_atomic_block
        return name

    @aatomic(using="default", durable=True)
    async def called(name):
        await Author.objects.acreate(name=name)
        raise LookupError

    assert await bare("a") == "a"
    with pytest.raises(LookupError):
        await called("b")
    assert await names() == ["a"]
    assert bare.__name__ == "bare"


async def test_a_decorated_function_runs_concurrently_with_itself():
    @aatomic()
    async def work(name):
        await Author.objects.acreate(name=name)
        await asyncio.sleep(0)

    await asyncio.gather(work("a"), work("b"))
    assert await names() == ["a", "b"]


async def test_an_inner_block_is_a_savepoint():
    async def inner():
        async with aatomic():
            await Author.objects.acreate(name="inner")
            raise LookupError

    async with aatomic():
        await Author.objects.acreate(name="outer")
        with pytest.raises(LookupError):
            await inner()
    assert await names() == ["outer"]


async def test_without_a_savepoint_the_outer_block_is_spoilt():
    async def work():
        async with aatomic():
            with pytest.raises(IntegrityError):
                await inner()
            await Author.objects.acount()

    async def inner():
        async with aatomic(savepoint=False):
            await Tag.objects.acreate(pk=1, name="a")
            await Tag.objects.acreate(pk=1, name="b")

    with pytest.raises(TransactionManagementError):
        await work()
    assert await Tag.objects.acount() == 0


async def test_a_durable_block_must_be_the_outermost():
    async def work():
        async with aatomic(), aatomic(durable=True):
            pytest.fail("entered")

    with pytest.raises(RuntimeError, match="durable"):
        await work()


async def test_commit_hooks_run_after_the_commit():
    events = []

    def hook():
        events.append(("hook", Author.objects.count(), connection.in_atomic_block))

    async with aatomic():
        await Author.objects.acreate(name="a")
        transaction.on_commit(hook)
        events.append("body")
    assert events == ["body", ("hook", 1, False)]


async def test_commit_hooks_of_a_rolled_back_block_do_not_run():
    events = []

    async def work():
        async with aatomic():
            transaction.on_commit(lambda: events.append("hook"))
            raise LookupError

    with pytest.raises(LookupError):
        await work()
    assert events == []


async def test_synchronous_blocks_inside_an_asynchronous_one():
    def inner():
        with transaction.atomic():
            Author.objects.create(name="inner")
            transaction.set_rollback(True)

    async with aatomic():
        await Author.objects.acreate(name="outer")
        await unblock(inner)()
    assert await names() == ["outer"]


async def test_locks_are_held_until_the_end():
    author = await Author.objects.acreate(name="0")
    order = []

    async def increment(name):
        async with aatomic():
            locked = await Author.objects.select_for_update().aget(pk=author.pk)
            order.append(f"{name} locks")
            await asyncio.sleep(0.02)
            locked.name = str(int(locked.name) + 1)
            await locked.asave()
            order.append(f"{name} saves")

    await asyncio.gather(*(increment(name) for name in "abc"))
    assert [event.split()[1] for event in order] == ["locks", "saves"] * 3
    assert await names() == ["3"]


async def test_a_cancellation_during_the_commit_waits_for_it():
    events = []

    def work():
        with transaction.atomic():
            Author.objects.create(name="a")
            transaction.on_commit(lambda: events.append("hook"))
            asyncio.get_running_loop().call_soon(task.cancel)
        events.append("left")
        bridge.wait(asyncio.sleep(0))
        events.append("not reached")

    task = asyncio.create_task(unblock(work)())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert events == ["hook", "left"]
    assert await names() == ["a"]


async def test_a_wrong_alias_is_djangos_error():
    with pytest.raises(Exception, match="The connection 'other' doesn't exist"):
        await aatomic(using="other").__aenter__()
