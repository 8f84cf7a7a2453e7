"""A TCP proxy that makes a server on loopback look as far away as one on the network.

What the server sends reaches the client `delay_ms` later; what the client sends passes at once. So
each round trip takes that much longer, while everything between two round trips streams as before:
any number of bytes may be on their way, and connections do not wait for one another.

Run as a process of its own: `python -m unblocker.services.latency PORT TARGET_PORT DELAY_MS`.
"""

import asyncio
import sys
from collections import deque
from pathlib import Path
from typing import cast

from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command

BACKLOG = 1024


def command(name: str, port: int, target_port: int, delay_ms: float, log: Path) -> Command:
    """How to run the proxy in front of `target_port`."""
    argv = (sys.executable, "-m", __name__, str(port), str(target_port), str(delay_ms))
    return Command(name, argv, cwd=log.parent, log=log, port=port)


class DelayLine:
    """Hands on what it is given, in order, each piece a fixed time after it came.

    One timer per connection, not one per piece: the loop does not promise to run timers that are
    due at the same moment in the order in which they were set.
    """

    def __init__(self, target: asyncio.Transport, delay_s: float) -> None:
        self._target = target
        self._delay_s = delay_s
        self._loop = asyncio.get_running_loop()
        self._pieces: deque[tuple[float, bytes | None]] = deque()

    def write(self, data: bytes) -> None:
        """Hand the bytes on when their time has come."""
        self._put(data)

    def close(self) -> None:
        """Close the target when everything before has been handed on."""
        self._put(None)

    def _put(self, piece: bytes | None) -> None:
        due = self._loop.time() + self._delay_s
        self._pieces.append((due, piece))
        if len(self._pieces) == 1:
            self._loop.call_at(due, self._hand_on)

    def _hand_on(self) -> None:
        now = self._loop.time()
        while self._pieces and self._pieces[0][0] <= now:
            _, piece = self._pieces.popleft()
            if piece is None:
                self._target.close()
            elif not self._target.is_closing():
                self._target.write(piece)
        if self._pieces:
            self._loop.call_at(self._pieces[0][0], self._hand_on)


class Stream(asyncio.Protocol):
    """One end of a proxied connection: what arrives goes to the other end's transport.

    An end that can't take more at the moment stops the reading at the other.
    """

    transport: asyncio.Transport
    other: "Stream | None" = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (uvloop's is one without being a subclass)."""
        self.transport = cast("asyncio.Transport", transport)

    def pause_writing(self) -> None:
        """Stop reading at the other end."""
        if self.other:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on reading at the other end."""
        if self.other and not self.other.transport.is_closing():
            self.other.transport.resume_reading()


class ServerSide(Stream):
    """The connection to the real server, whose bytes go through the delay line."""

    def __init__(self, client: "ClientSide", delay_s: float) -> None:
        self.other = client
        self._line = DelayLine(client.transport, delay_s)

    def data_received(self, data: bytes) -> None:
        """Hand the server's bytes to the client, later."""
        self._line.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Close the client's connection behind what is still on its way."""
        self._line.close()


class ClientSide(Stream):
    """The connection from a client, whose bytes go to the server at once."""

    other: ServerSide | None = None

    def __init__(self, target_port: int, delay_s: float) -> None:
        self._target_port = target_port
        self._delay_s = delay_s
        self._early: list[bytes] = []
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to the server; what comes from the client before that is kept for it."""
        super().connection_made(transport)
        self._connecting = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, server = await loop.create_connection(
                lambda: ServerSide(self, self._delay_s), LOOPBACK, self._target_port
            )
        except OSError:
            self.transport.abort()
            return
        self.other = server
        server.transport.writelines(self._early)
        if self.transport.is_closing():
            server.transport.close()
        elif self._ended:
            server.transport.write_eof()

    def data_received(self, data: bytes) -> None:
        """Hand the client's bytes to the server, now."""
        if not self.other:
            self._early.append(data)
        elif not self.other.transport.is_closing():
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        """Tell the server that no more comes, and keep the connection for its answer."""
        self._ended = True
        if self.other and not self.other.transport.is_closing():
            self.other.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Leave the server too."""
        if self.other:
            self.other.transport.close()


async def serve(port: int, target_port: int, delay_ms: float) -> None:
    """Proxy connections to `port` until cancelled."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: ClientSide(target_port, delay_ms / 1000), LOOPBACK, port, backlog=BACKLOG
    )
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
