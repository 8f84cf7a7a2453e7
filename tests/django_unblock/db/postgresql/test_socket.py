"""A connection's socket as the two kinds of event loop watch it, also when the server resets it."""

import asyncio
import os
import socket
import struct

import pytest
import uvloop
from psycopg.waiting import Ready

from django_unblock.db.postgresql.socket import Socket

LOOPS = [asyncio.SelectorEventLoop, uvloop.new_event_loop]


def run(make_loop, main):
    with asyncio.Runner(loop_factory=make_loop) as runner:
        return runner.run(main())


def connected():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        return client, server.accept()[0]


def reset(end):
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


@pytest.mark.parametrize("make_loop", LOOPS)
def test_it_goes_on_watching_from_wait_to_wait(make_loop):
    async def main():
        client, server = connected()
        watched = Socket(client.fileno(), asyncio.get_running_loop())
        for word in (b"one", b"two"):
            waiting = watched.readable()
            server.send(word)
            assert await asyncio.wait_for(waiting, 5) == Ready.R
            assert client.recv(10) == word
        watched.forget()

    run(make_loop, main)


@pytest.mark.parametrize("make_loop", LOOPS)
def test_every_wait_ends_on_a_connection_that_was_reset(make_loop):
    async def main():
        client, server = connected()
        watched = Socket(client.fileno(), asyncio.get_running_loop())
        waiting = watched.readable()
        reset(server)
        assert await asyncio.wait_for(waiting, 5) == Ready.R
        assert await asyncio.wait_for(watched.readable(), 5) == Ready.R
        client.close()

    run(make_loop, main)


@pytest.mark.parametrize("make_loop", LOOPS)
def test_the_number_of_a_reset_one_can_be_watched_again(make_loop):
    async def main():
        loop = asyncio.get_running_loop()
        client, server = connected()
        watched = Socket(client.fileno(), loop)
        waiting, number = watched.readable(), watched.fd
        reset(server)
        await asyncio.wait_for(waiting, 5)
        client.close()
        del watched
        again, server = connected()
        os.dup2(again.fileno(), number)
        told = asyncio.Event()
        loop.add_reader(number, told.set)
        server.send(b"x")
        await asyncio.wait_for(told.wait(), 5)
        loop.remove_reader(number)
        os.close(number)

    run(make_loop, main)
