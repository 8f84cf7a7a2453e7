"""The proxy changes when bytes arrive, never which or in what order."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from unblocker.services import latency, ports
from unblocker.services.processes import Supervisor

type Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def proxied(handler: Handler, delay_s: float, connections: int = 1) -> list[Streams]:
    """Connections through a proxy to a server with this handler, all in the running loop."""
    server = await asyncio.start_server(handler, ports.LOOPBACK, 0)
    target = server.sockets[0].getsockname()[1]
    proxy = await asyncio.get_running_loop().create_server(
        lambda: latency.ClientSide(target, delay_s), ports.LOOPBACK, 0
    )
    address = proxy.sockets[0].getsockname()
    return [await asyncio.open_connection(*address) for _ in range(connections)]


def pattern(seed: int, size: int) -> bytes:
    return b"".join(f"{seed}:{number};".encode() for number in range(size))[:size]


async def send_in_pieces(writer: asyncio.StreamWriter, data: bytes) -> None:
    for start in range(0, len(data), 7919):
        writer.write(data[start : start + 7919])
        await writer.drain()
    writer.write_eof()


@pytest.mark.parametrize("delay_s", [0.0, 0.005])
def test_bytes_of_concurrent_connections_arrive_intact_and_in_order(delay_s: float) -> None:
    async def talk(streams: Streams, data: bytes) -> bytes:
        reader, writer = streams
        _, answer = await asyncio.gather(send_in_pieces(writer, data), reader.read(-1))
        writer.close()
        return answer

    async def scenario() -> tuple[list[bytes], list[bytes]]:
        connections = await proxied(echo, delay_s, connections=20)
        sent = [pattern(seed, 200_000 + seed) for seed in range(len(connections))]
        return sent, await asyncio.gather(*map(talk, connections, sent))

    sent, received = asyncio.run(scenario())
    assert received == sent


def test_answers_are_held_back_while_requests_pass() -> None:
    """The server has the second request before the client has the first answer."""
    events: list[str] = []
    answered = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        events.append("the server answered")
        answered.set()
        writer.write(b"1")
        await reader.readexactly(1)
        events.append("the server got the second request")
        writer.write(b"2")

    async def scenario() -> None:
        [(reader, writer)] = await proxied(serve, 0.2)
        writer.write(b"a")
        await answered.wait()
        writer.write(b"b")
        assert await reader.readexactly(1) == b"1"
        events.append("the client got the first answer")
        assert await reader.readexactly(1) == b"2"

    asyncio.run(scenario())
    assert events == [
        "the server answered",
        "the server got the second request",
        "the client got the first answer",
    ]


def test_what_the_server_sent_before_it_left_still_arrives() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"goodbye")
        writer.close()

    async def scenario() -> bytes:
        [(reader, _)] = await proxied(serve, 0.05)
        return await reader.read(-1)

    assert asyncio.run(scenario()) == b"goodbye"


def test_a_client_that_leaves_is_left_at_the_server_too() -> None:
    left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read(-1) == b"x"
        left.set()

    async def scenario() -> None:
        [(_, writer)] = await proxied(serve, 0.01)
        writer.write(b"x")
        writer.close()
        await asyncio.wait_for(left.wait(), 5)

    asyncio.run(scenario())


def test_without_a_server_the_client_is_refused() -> None:
    async def scenario() -> bytes:
        target = ports.claim()
        proxy = await asyncio.get_running_loop().create_server(
            lambda: latency.ClientSide(target, 0.01), ports.LOOPBACK, 0
        )
        reader, writer = await asyncio.open_connection(*proxy.sockets[0].getsockname())
        try:
            return await reader.read(1)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    assert asyncio.run(scenario()) == b""


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    port = ports.claim()
    with Supervisor() as supervisor, socket.create_server((ports.LOOPBACK, 0)) as server:
        target = server.getsockname()[1]
        supervisor.start(latency.command("proxy", port, target, 1.5, tmp_path / "proxy.log"))
        server.accept()[0].close()  # the one that asked whether the proxy was up
        with socket.create_connection((ports.LOOPBACK, port)) as client, server.accept()[0] as end:
            client.sendall(b"question")
            assert end.recv(8) == b"question"
            end.sendall(b"answer")
            assert client.recv(6) == b"answer"
