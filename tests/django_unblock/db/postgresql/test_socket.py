"""A connection's socket: told of once it is readable, watched no longer once it speaks unasked."""

import asyncio
import os
import socket as sockets

import pytest
import uvloop

from django_unblock.db.postgresql.socket import Socket

LOOPS = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])


def run(new_loop, test):
    """Run the test with a watched end of a pair of sockets and the other end."""

    async def main():
        ours, theirs = sockets.socketpair()
        with ours, theirs:
            await test(Socket(ours.fileno(), asyncio.get_running_loop()), ours, theirs)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())


async def turns(count=5):
    for _ in range(count):
        await asyncio.sleep(0)


@LOOPS
def test_it_is_readable_once_something_came(new_loop):
    async def test(socket, ours, theirs):
        future = socket.readable()
        await turns()
        assert not future.done()
        assert not socket.is_readable()
        theirs.send(b"x")
        await future
        assert socket.is_readable()

    run(new_loop, test)


@LOOPS
def test_what_was_read_already_is_not_reported_to_the_next(new_loop):
    async def test(socket, ours, theirs):
        for _ in range(3):
            future = socket.readable()
            theirs.send(b"x")
            await future
            assert ours.recv(10) == b"x"
            following = socket.readable()
            await turns()
            assert not following.done()

    run(new_loop, test)


@LOOPS
def test_it_can_be_waited_for_again_after_it_spoke_unasked(new_loop):
    async def test(socket, ours, theirs):
        theirs.send(b"1")
        await socket.readable()
        ours.recv(10)
        theirs.send(b"unasked")
        await turns()
        assert ours.recv(10) == b"unasked"
        future = socket.readable()
        theirs.send(b"2")
        await future
        assert ours.recv(10) == b"2"

    run(new_loop, test)


@LOOPS
def test_a_cancelled_wait_leaves_it_usable(new_loop):
    async def test(socket, ours, theirs):
        socket.readable().cancel()
        theirs.send(b"x")
        await turns()
        await socket.readable()
        assert ours.recv(10) == b"x"

    run(new_loop, test)


@LOOPS
def test_the_connections_own_descriptor_may_be_closed_and_its_number_reused(new_loop):
    async def test(socket, ours, theirs):
        theirs.send(b"x")
        await socket.readable()
        number = ours.detach()
        os.close(number)
        others, _peer = sockets.socketpair()
        with others, _peer:
            again = Socket(others.fileno(), asyncio.get_running_loop())
            future = again.readable()
            _peer.send(b"y")
            await future

    run(new_loop, test)


@LOOPS
def test_forgotten_it_closes_its_duplicate(new_loop):
    async def main():
        ours, theirs = sockets.socketpair()
        with ours, theirs:
            socket = Socket(ours.fileno(), asyncio.get_running_loop())
            duplicate = socket.fd
            socket.readable().cancel()
            socket.forget()
            del socket
            await turns()
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(duplicate)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())
