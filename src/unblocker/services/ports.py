"""TCP ports on loopback: a free one, and whether something answers."""

import socket

from unblocker.errors import UnblockError

LOOPBACK = "127.0.0.1"


def claim(port: int = 0) -> int:
    """A port that nothing listens on: `port` itself, or one that the system picks for 0.

    Raises:
        UnblockError: `port` is in use (U062).
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise UnblockError(
                "U062",
                f"port {port} cannot be used: {error.strerror}",
                hint=f"Stop what listens on {LOOPBACK}:{port}, or leave the port out to get a free one.",
            ) from None
        bound: int = probe.getsockname()[1]
        return bound


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
