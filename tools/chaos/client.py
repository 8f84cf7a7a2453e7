"""One HTTP client: sends a request on a connection of its own, and may go away meanwhile."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import h11

from tools.chaos.records import Answer, Ask, Outcome

PATIENCE_S = 20.0
CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests to a server on loopback.

    Attributes:
        port: the server's.
        cookies: the session cookie of each user, by number.
    """

    port: int
    cookies: tuple[str, ...]

    async def send(self, ask: Ask, phase: str, drop_after: float | None = None) -> Answer:
        """Send the request and return what became of it; with `drop_after`, go away by then, in seconds."""
        began = time.monotonic()
        patience = PATIENCE_S if drop_after is None else drop_after
        received = _Received()
        try:
            async with asyncio.timeout(patience):
                outcome = await self._exchange(ask, received)
        except TimeoutError:
            outcome = Outcome.SILENT if drop_after is None else Outcome.DROPPED
        return Answer(
            ask,
            phase,
            outcome,
            began,
            time.monotonic(),
            received.status,
            received.token,
            received.value() if outcome is Outcome.ANSWERED else None,
        )

    async def _exchange(self, ask: Ask, received: "_Received") -> Outcome:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return Outcome.REFUSED
        protocol = h11.Connection(h11.CLIENT)
        try:
            await self._write(ask, protocol, writer)
            return await _read(reader, protocol, received)
        except (OSError, h11.RemoteProtocolError):
            return Outcome.CUT
        finally:
            writer.transport.abort()

    async def _write(
        self, ask: Ask, protocol: h11.Connection, writer: asyncio.StreamWriter
    ) -> None:
        headers = [
            ("Host", "127.0.0.1"),
            ("Connection", "close"),
            ("X-Token", ask.token),
            ("Cookie", f"sessionid={self.cookies[ask.user]}"),
            ("Content-Length", str(len(ask.body))),
        ]
        method = "POST" if ask.body else "GET"
        request = h11.Request(method=method, target=ask.path, headers=headers)
        writer.write(protocol.send(request) or b"")
        for start in range(0, len(ask.body), CHUNK):
            writer.write(protocol.send(h11.Data(data=ask.body[start : start + CHUNK])) or b"")
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(protocol.send(h11.EndOfMessage()) or b"")
        await writer.drain()


@dataclass
class _Received:
    """What has arrived of a response."""

    status: int = 0
    token: str = ""
    body: bytearray = field(default_factory=bytearray)

    def value(self) -> Any:
        text = self.body.decode(errors="replace")
        try:
            return json.loads(text)
        except ValueError:
            return text


async def _read(
    reader: asyncio.StreamReader, protocol: h11.Connection, received: _Received
) -> Outcome:
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            protocol.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Response):
            received.status = event.status_code
            received.token = dict(event.headers).get(b"x-token", b"").decode()
        elif isinstance(event, h11.Data):
            received.body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return Outcome.ANSWERED
        elif isinstance(event, h11.ConnectionClosed):
            return Outcome.CUT
