"""The world of a worker: a clock that stands still, randomness that repeats, no network but loopback.

A request's number sets both the time and every random stream, so that the same request finds the same world on each
side, whatever happened before.
"""

import ipaddress
import os
import random
import sys
from datetime import UTC, datetime
from types import FrameType

import time_machine

# Modules that only pass randomness on: the caller behind them is whose stream it is.
_CONDUITS = frozenset({__name__, "random", "secrets", "uuid", "tempfile", "django.utils.crypto"})


class Clock:
    """Time that moves on by `step` seconds per request and stands still within one.

    `time.monotonic` runs on: event loops and timeouts need it.
    """

    def __init__(self, started: float, step: float) -> None:
        self._started = started
        self._step = step
        self._traveller = time_machine.travel(_moment(started), tick=False).start()

    def set(self, number: int) -> None:
        """Show the time of request `number`."""
        self._traveller.move_to(_moment(self._started + number * self._step), tick=False)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Randomness:
    """Stands in for the system's randomness; `secrets`, `uuid4` and Django's tokens all draw from it.

    Each calling module has a stream of its own: a library that draws once more on one side does not change what the
    project draws.
    """

    def __init__(self) -> None:
        self._number = -1
        self._streams: dict[str, random.Random] = {}
        os.urandom = self.draw
        random._urandom = self.draw  # type: ignore[attr-defined]  # what SystemRandom draws from

    def set(self, number: int) -> None:
        """Start all streams anew, for request `number`."""
        self._number = number
        self._streams = {}
        random.seed(number)

    def draw(self, size: int, /) -> bytes:
        """The next `size` bytes of the calling module's stream."""
        caller = _caller(sys._getframe(1))
        stream = self._streams.get(caller)
        if stream is None:
            stream = self._streams[caller] = random.Random(f"{self._number} {caller}")  # noqa: S311  # it must repeat
        return stream.randbytes(size)


def _caller(frame: FrameType | None) -> str:
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module not in _CONDUITS:
            return module
        frame = frame.f_back
    return ""


class Network:
    """Refuses what leaves loopback, and notes what goes past the recording proxy.

    It listens to Python's audit events (https://docs.python.org/3/library/audit_events.html), so it sees every
    socket that Python code connects; libpq's are C and not its business.
    """

    def __init__(self, proxy_port: int, databases: frozenset[str]) -> None:
        self._proxy_port = proxy_port
        self._databases = databases
        self.escaped: list[str] = []
        self.unwatched: list[str] = []
        sys.addaudithook(self._audit)

    def _audit(self, event: str, args: tuple[object, ...]) -> None:
        if event == "socket.connect":
            self._connect(args[1])
        elif event == "socket.getaddrinfo":
            self._resolve(args[0])

    def _connect(self, address: object) -> None:
        if not isinstance(address, tuple):
            return  # a Unix socket
        host, port = str(address[0]), int(address[1])
        if not is_loopback(host):
            self._refuse(f"{host}:{port}")
        if port != self._proxy_port:
            self.unwatched.append(f"{host}:{port}")

    def _resolve(self, host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        # psycopg looks its servers up itself before libpq connects to them.
        if not is_loopback(name) and name not in self._databases:
            self._refuse(name)

    def _refuse(self, address: str) -> None:
        self.escaped.append(address)
        raise ConnectionRefusedError(f"django-unblock verify lets nothing connect to {address}")


def is_loopback(host: str) -> bool:
    """Whether the host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
