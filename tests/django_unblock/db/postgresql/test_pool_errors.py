"""What goes wrong with the pool or the server is a Django exception that says what to change; nothing hangs."""

import asyncio
import socket
from concurrent.futures import Future

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, OperationalError, connection, connections, transaction
from pools import stats
from testapp.models import Author

from django_unblock import aatomic, bridge, gather, offload, unblock
from django_unblock.db import pools


@pytest.fixture
def changing(monkeypatch):
    """Change the database's settings for the pool that this test makes."""
    settings = connections.settings["default"]

    def change(**changes):
        for name, value in changes.items():
            monkeypatch.setitem(settings, name, value)

    return change


async def holding(name, until, held):
    """Keep a connection in a transaction, as the task of that name."""
    asyncio.current_task().set_name(name)
    async with aatomic():
        await Author.objects.acount()
        held.set()
        await until.wait()


@pytest.fixture
def exhausted(changing):
    """Run something while one task holds the only connection."""

    async def run(fn):
        changing(OPTIONS={"pool": {"max_size": 1, "timeout": 0.5}})
        held, let_go = asyncio.Event(), asyncio.Event()
        holder = asyncio.create_task(holding("GET /slow/", let_go, held))
        await asyncio.wait(
            [holder, asyncio.create_task(held.wait())], return_when="FIRST_COMPLETED"
        )
        assert not holder.done(), holder.exception()
        try:
            with pytest.raises(OperationalError) as caught:
                await fn()
        finally:
            let_go.set()
            await holder
        assert await Author.objects.acount() == 0
        assert stats()["in use"] == 0
        return str(caught.value)

    return run


def in_thread():
    return Author.objects.count()


def in_transaction():
    with transaction.atomic():
        return Author.objects.count()


class TestExhaustion:
    @pytest.mark.parametrize(
        "fn",
        [
            Author.objects.acount,
            unblock(in_transaction),
            offload(in_thread),
            lambda: gather(*(Author.objects.acount() for _ in range(3))),
        ],
        ids=["awaited", "transaction", "thread", "gather"],
    )
    async def test_it_says_how_long_it_waited_and_who_holds_what(self, exhausted, fn):
        said = await exhausted(fn)
        assert "R301: no connection to 'default' became free within 0." in said
        assert "1 of at most 1 are in use, by: GET /slow/ (1, for 0." in said
        assert "OPTIONS['pool']['max_size']" in said

    async def test_a_thread_is_named_after_the_request_it_works_for(self, changing):
        def hold():
            with transaction.atomic():
                Author.objects.count()
                let_go.result(10)

        async def request():
            asyncio.current_task().set_name("GET /threaded/")
            await offload(hold)()

        let_go = Future()
        changing(OPTIONS={"pool": {"max_size": 1, "timeout": 0.2}})
        holder = asyncio.create_task(request())
        await asyncio.sleep(0.1)
        try:
            with pytest.raises(OperationalError, match=r"by: GET /threaded/ \(1, for"):
                await Author.objects.acount()
        finally:
            let_go.set_result(None)
            await holder

    async def test_too_many_in_the_queue(self, changing):
        changing(OPTIONS={"pool": {"max_size": 1, "max_waiting": 1, "timeout": 5}})
        held, let_go = asyncio.Event(), asyncio.Event()
        holder = asyncio.create_task(holding("GET /slow/", let_go, held))
        await held.wait()
        waiting = asyncio.create_task(Author.objects.acount())
        await asyncio.sleep(0.05)
        with pytest.raises(OperationalError, match=r"R302: .*default"):
            await Author.objects.acount()
        let_go.set()
        await asyncio.gather(holder, waiting)

    @pytest.mark.parametrize("turns", range(8))
    async def test_one_who_is_cancelled_just_as_a_connection_becomes_free(self, changing, turns):
        changing(OPTIONS={"pool": {"max_size": 1, "timeout": 5}})
        held, let_go = asyncio.Event(), asyncio.Event()
        holder = asyncio.create_task(holding("GET /slow/", let_go, held))
        await held.wait()
        waiting = asyncio.create_task(Author.objects.acount())
        await asyncio.sleep(0.05)
        let_go.set()
        while not holder.done():  # noqa: ASYNC110 - the turns of the loop are counted
            await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert await Author.objects.acount() == 0
        assert stats()["in use"] == 0


class TestServer:
    @pytest.mark.parametrize("fn", [Author.objects.acount, offload(in_thread)])
    async def test_nobody_listens(self, changing, fn):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        changing(HOST="127.0.0.1", PORT=str(port))
        with pytest.raises(OperationalError, match=f"port {port} failed"):
            await fn()

    async def test_it_accepts_and_says_nothing(self, changing):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            port = deaf.getsockname()[1]
            changing(
                HOST="127.0.0.1", PORT=str(port), OPTIONS={"pool": {"timeout": 0.2, "max_size": 3}}
            )
            with pytest.raises(OperationalError) as caught:
                await Author.objects.acount()
            await pools.close_all()
        assert "0 of at most 3 are in use: the server takes long to connect" in str(caught.value)

    async def test_the_database_does_not_exist(self, changing):
        changing(NAME="nowhere")
        with pytest.raises(OperationalError, match=r'"nowhere" does not exist'):
            await Author.objects.acount()

    async def test_a_statement_timeout_in_the_options(self, changing):
        def sleep():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30)")

        changing(OPTIONS={"options": "-c statement_timeout=30"})
        with pytest.raises(OperationalError, match="statement timeout"):
            await unblock(sleep)()
        assert await Author.objects.acount() == 0


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "named"),
        [
            ({"max_sise": 3}, "max_sise"),
            ({"max_size": 0}, "max_size"),
            ({"max_size": 2, "min_size": 3}, "max_size"),
            ({"max_size": "many"}, "max_size|'>' not supported|not supported between"),
        ],
    )
    async def test_a_wrong_pool_option(self, changing, options, named):
        changing(OPTIONS={"pool": options})
        with pytest.raises(ImproperlyConfigured, match=rf"'default'.*({named})"):
            await Author.objects.acount()

    async def test_a_wrong_connection_option(self, changing):
        changing(OPTIONS={"nonsense": 1})
        with pytest.raises(Error, match="nonsense"):
            await Author.objects.acount()

    @pytest.mark.parametrize("pool", [True, False, {}])
    async def test_a_pool_without_options(self, changing, pool):
        changing(OPTIONS={"pool": pool})
        assert await Author.objects.acount() == 0
        assert await bridge.run(Author.objects.count) == 0
