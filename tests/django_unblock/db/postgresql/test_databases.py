"""Several databases: a pool each, routers, and transactions that do not concern each other."""

import asyncio

import pytest
from django.db import OperationalError, connections, transaction
from django.test import override_settings
from testapp.models import Author

from django_unblock import aatomic, bridge, gather, offload, ownership, unblock
from django_unblock.db import pools
from django_unblock.scopes import settings_changed


class Replica:
    """Reads from the one, writes to the other."""

    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"


@pytest.fixture
def replica(clean_tables):
    """A second alias, on the same database."""
    settings = {**connections.settings["default"], "OPTIONS": {"pool": {"max_size": 2}}}
    connections.settings["replica"] = settings
    settings_changed()
    yield settings
    connections["replica"].close()
    connections["replica"].close_pool()
    del connections["replica"]
    del connections.settings["replica"]


def pid(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def lent(alias):
    pool = pools.find(asyncio.get_running_loop(), alias)
    return len(pool._loans) if pool is not None else 0


@pytest.mark.usefixtures("replica")
class TestAliases:
    def test_a_small_pool_does_for_plain_synchronous_code_too(self):
        assert Author.objects.using("replica").count() == 0

    async def test_each_has_its_own_pool(self):
        async def both():
            async with aatomic(), aatomic(using="replica"):
                await Author.objects.acount()
                await Author.objects.using("replica").acount()
                return lent("default"), lent("replica")

        assert await both() == (1, 1)
        assert (lent("default"), lent("replica")) == (0, 0)
        assert await unblock(pid)("default") != await unblock(pid)("replica")

    async def test_a_transaction_on_one_is_none_on_the_other(self):
        async with aatomic():
            await Author.objects.acreate(name="a")
            assert ownership.in_transaction()
            assert await Author.objects.using("replica").acount() == 0
            assert (lent("default"), lent("replica")) == (1, 0)
        assert await Author.objects.using("replica").acount() == 1

    async def test_tasks_in_a_transaction_on_one_borrow_from_the_other(self):
        async def child():
            return await Author.objects.acount(), await Author.objects.using("replica").acount()

        async with aatomic():
            await Author.objects.acreate(name="a")
            assert await asyncio.gather(child(), child(), child()) == [(1, 0)] * 3
            assert lent("default") == 1

    async def test_a_rollback_on_one_leaves_the_other(self):
        async def write():
            async with aatomic(using="replica"):
                await Author.objects.using("replica").acreate(name="lost")
                async with aatomic():
                    await Author.objects.acreate(name="kept")
                raise LookupError

        with pytest.raises(LookupError):
            await write()
        assert [author.name async for author in Author.objects.all()] == ["kept"]

    async def test_commit_hooks_belong_to_their_alias(self):
        called = []
        async with aatomic():
            async with aatomic(using="replica"):
                await bridge.run(
                    transaction.on_commit, lambda: called.append("replica"), using="replica"
                )
                await bridge.run(transaction.on_commit, lambda: called.append("default"))
            assert called == ["replica"]
        assert called == ["replica", "default"]

    async def test_threads_and_plain_calls(self):
        async with aatomic(using="replica"):
            await Author.objects.using("replica").acreate(name="a")
            counted = unblock(Author.objects.using("replica").count)
            in_thread = offload(Author.objects.using("replica").count)
            assert await counted() == await in_thread() == 1
            assert await offload(Author.objects.count)() == 0

    async def test_one_that_is_down_does_not_concern_the_other(self, monkeypatch):
        monkeypatch.setitem(connections.settings["replica"], "HOST", "/nowhere")
        outcome = await asyncio.gather(
            Author.objects.using("replica").acount(),
            Author.objects.acount(),
            return_exceptions=True,
        )
        assert isinstance(outcome[0], OperationalError)
        assert outcome[1] == 0

    async def test_an_exhausted_one_is_named(self, replica):
        async def hold():
            async with aatomic(using="replica"):
                await Author.objects.using("replica").acount()
                await let_go.wait()

        replica["OPTIONS"] = {"pool": {"max_size": 1, "timeout": 0.2}}
        let_go = asyncio.Event()
        holder = asyncio.create_task(hold())
        await asyncio.sleep(0.1)
        with pytest.raises(OperationalError, match="R301: no connection to 'replica'"):
            await Author.objects.using("replica").acount()
        assert await Author.objects.acount() == 0
        let_go.set()
        await holder


@pytest.fixture
def routed(replica):
    with override_settings(DATABASE_ROUTERS=[Replica()]):
        yield


@pytest.mark.usefixtures("routed")
class TestRouters:
    async def test_reads_and_writes_go_where_they_say(self):
        author = await Author.objects.acreate(name="a")
        assert author._state.db == "default"
        read = await Author.objects.aget(pk=author.pk)
        assert read._state.db == "replica"
        await read.asave()
        assert read._state.db == "default"

    async def test_relations_stay_on_their_instances_database_as_in_stock_django(self):
        author = await Author.objects.acreate(name="a")
        await author.books.acreate(title="t")
        read = await Author.objects.prefetch_related("books").aget(pk=author.pk)
        book = read.books.all()[0]
        assert (read._state.db, book._state.db) == ("replica", "replica")

        def lazily():
            book._state.fields_cache.clear()
            return book.author._state.db

        assert await unblock(lazily)() == "replica"

    async def test_a_write_in_a_transaction_is_not_read_from_the_replica(self):
        async with aatomic():
            author = await Author.objects.acreate(name="a")
            assert not await Author.objects.filter(pk=author.pk).aexists()
            assert await Author.objects.using("default").filter(pk=author.pk).aexists()

    async def test_gather_over_both(self):
        author = await Author.objects.acreate(name="a")
        reads = (Author.objects.aget(pk=author.pk) for _ in range(5))
        found = await gather(*reads, Author.objects.using("default").aget(pk=author.pk))
        assert [each._state.db for each in found] == ["replica"] * 5 + ["default"]


@pytest.mark.parametrize("options", [{}, {"max_size": 1}, {"timeout": 5}, {"min_size": 1}])
def test_djangos_own_pool_takes_options_without_a_size_too(replica, options):
    replica["OPTIONS"] = {"pool": options}
    assert pid("replica") > 0
