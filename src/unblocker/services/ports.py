"""TCP ports on loopback: a free one, and whether something answers.

A port is named long before the service that is told to use it listens. So that nobody takes it in between, it is none
that the system gives to outgoing connections, and the UDP port of the same number, held as long as this process lives,
keeps it from every other command of this tool.
"""

import random
import socket

from unblocker.errors import UnblockError

LOOPBACK = "127.0.0.1"
QUIET = range(20_000, 30_000)
"""Below Linux's and IANA's ranges for outgoing connections, above most named services."""
_held: list[socket.socket] = []


def claim(port: int = 0) -> int:
    """A port that nothing listens on: `port` itself, or for 0 one that no other claim gets while this process lives.

    Raises:
        UnblockError: `port` is in use, or there is no free one (U062).
    """
    if not port:
        return _quiet()
    try:
        _bind(port)
    except OSError as error:
        raise UnblockError(
            "U062",
            f"port {port} cannot be used: {error.strerror}",
            hint=f"Stop what listens on {LOOPBACK}:{port}, or leave the port out to get a free one.",
        ) from None
    return port


def _quiet() -> int:
    for port in random.sample(QUIET, len(QUIET)):
        lock = socket.socket(type=socket.SOCK_DGRAM)
        try:
            lock.bind((LOOPBACK, port))
            _bind(port)
        except OSError:
            lock.close()
        else:
            _held.append(lock)
            return port
    raise UnblockError("U062", f"no port from {QUIET[0]} to {QUIET[-1]} is free")


def _bind(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))


def answers(port: int, timeout_s: float = 0.5) -> bool:
    """Whether a connection to the port is accepted."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=timeout_s).close()
    except OSError:
        return False
    return True


def serves_http(port: int, path: str, timeout_s: float = 2.0) -> bool:
    """Whether a GET of the path gets an HTTP answer, whatever its status.

    A server with worker processes accepts connections before any worker is there to answer them.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((LOOPBACK, port), timeout=timeout_s) as connection:
            connection.sendall(request.encode("ascii"))
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False
