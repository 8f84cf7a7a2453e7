"""A real SMTP server that takes every message, writes it down, and takes its time about it.

Run as a process of its own: `python -m unblocker.services.smtp PORT DELAY_MS FILE`.
"""

import asyncio
import email
import email.policy
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in; `text` is its first plain-text part, with plain newlines."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


def command(port: int, delay_ms: float, messages: Path, log: Path) -> Command:
    """How to run the server; each message becomes a line of JSON in `messages`."""
    argv = (sys.executable, "-m", __name__, str(port), str(delay_ms), str(messages))
    return Command("the SMTP server", argv, cwd=log.parent, log=log, port=port)


def read(messages: Path) -> tuple[Received, ...]:
    """What has been received so far, in order."""
    if not messages.exists():
        return ()
    lines = messages.read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=Received) for line in lines)


class Recorder:
    """aiosmtpd's handler: waits, writes the message down, accepts it."""

    def __init__(self, messages: Path, delay_ms: float) -> None:
        self._messages = messages
        self._delay_s = delay_ms / 1000

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Take one message, `delay_ms` after its last byte came."""
        await asyncio.sleep(self._delay_s)
        with self._messages.open("ab") as file:
            file.write(msgspec.json.encode(_parse(envelope)) + b"\n")
        return "250 OK"


def _parse(envelope: Envelope) -> Received:
    content = envelope.content or b""
    data = content.encode() if isinstance(content, str) else content
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Received(
        sender=envelope.mail_from or "",
        recipients=tuple(envelope.rcpt_tos),
        subject=str(message["subject"] or ""),
        text=str(body.get_content()).replace("\r\n", "\n") if body else "",
    )


async def serve(port: int, delay_ms: float, messages: Path) -> None:
    """Take messages on `port` until cancelled."""
    recorder = Recorder(messages, delay_ms)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(recorder, enable_SMTPUTF8=True), LOOPBACK, port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
