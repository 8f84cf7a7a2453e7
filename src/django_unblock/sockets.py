"""Sockets for synchronous network code inside the bridge: what would block lets other tasks run.

A library that is given such a socket (`urllib3` for `requests`) keeps all it does by itself: its
protocol, timeouts, errors. Only where the operating system says that the socket is not ready does
the greenlet wait for the event loop instead of stopping the thread.

A socket belongs to no loop. It has one user at a time, as any connection; the next may be on
another loop, or in a thread without one, where it blocks as sockets do.
"""

import asyncio
import errno
import os
import select
import socket
import ssl
from collections.abc import Buffer, Callable, Sequence
from typing import TYPE_CHECKING, Any

from django_unblock import bridge
from django_unblock.errors import BridgeError
from django_unblock.loops import running_loop, settle

OPERATIONS_IN_A_ROW = 20

_WANTED: dict[type[OSError], int] = {
    ssl.SSLWantReadError: select.POLLIN,
    ssl.SSLWantWriteError: select.POLLOUT,
}


if TYPE_CHECKING:
    _Base = socket.socket
else:
    _Base = object


class _Waiting(_Base):  # its methods are the socket module's
    """A socket whose file is non-blocking, and whose timeout is kept here.

    Attributes:
        _seconds: the timeout of an operation; None is no limit, 0 is not to wait at all.
    """

    _seconds: float | None = None
    _in_a_row = 0

    def settimeout(self, value: float | None) -> None:
        socket.socket.settimeout(self, 0.0)
        self._seconds = value

    def gettimeout(self) -> float | None:
        return self._seconds

    def setblocking(self, flag: bool) -> None:
        self.settimeout(None if flag else 0.0)

    def getblocking(self) -> bool:
        return self._seconds != 0

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[self.send(rest, flags) :]

    def _retried[T](self, operation: Callable[[], T], event: int = select.POLLIN) -> T:
        """Do it again whenever the socket is ready for the event, until it is done.

        Raises:
            TimeoutError: the socket was not ready within the timeout.
        """
        self._let_others_run()
        while True:
            try:
                return operation()
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                if self._seconds == 0:
                    raise
                wanted = _WANTED.get(type(error), event)
            self._wait(wanted)

    def _let_others_run(self) -> None:
        """A socket that is always ready would keep the loop for itself."""
        self._in_a_row += 1
        if self._in_a_row > OPERATIONS_IN_A_ROW and bridge.inside():
            self._in_a_row = 0
            bridge.wait(asyncio.sleep(0))

    def _wait(self, event: int) -> None:
        self._in_a_row = 0
        if bridge.inside():
            ready = bridge.wait(_ready(self.fileno(), event, self._seconds))
        else:
            _refuse_to_block_a_loop()
            poll = select.poll()
            poll.register(self.fileno(), event)
            ready = bool(poll.poll(None if self._seconds is None else self._seconds * 1000))
        if not ready:
            raise TimeoutError("timed out")


class Socket(_Waiting, socket.socket):
    """A plain socket."""

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self.settimeout(socket.getdefaulttimeout())

    def connect(self, address: Any) -> None:
        failed = self.connect_ex(address)
        if failed == errno.EINPROGRESS:
            self._wait(select.POLLOUT)
            failed = self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise OSError(failed, os.strerror(failed))

    def recv(self, size: int, flags: int = 0) -> bytes:
        return self._retried(lambda: socket.socket.recv(self, size, flags))

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        return self._retried(lambda: socket.socket.recv_into(self, buffer, nbytes, flags))

    def send(self, data: Buffer, flags: int = 0) -> int:
        return self._retried(lambda: socket.socket.send(self, data, flags), select.POLLOUT)


class TLSSocket(_Waiting, ssl.SSLSocket):
    """A socket under TLS. Contexts make it: see `ssl.SSLContext.sslsocket_class`."""

    def do_handshake(self, block: bool = False) -> None:
        self._retried(lambda: ssl.SSLSocket.do_handshake(self, block))

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002 - ssl's signature
        return self._retried(lambda: ssl.SSLSocket.read(self, len, buffer))

    def send(self, data: Buffer, flags: int = 0) -> int:
        return self._retried(lambda: ssl.SSLSocket.send(self, data, flags))

    def unwrap(self) -> socket.socket:
        return self._retried(lambda: ssl.SSLSocket.unwrap(self))


def connected(
    address: tuple[str, int],
    *,
    family: int = socket.AF_UNSPEC,
    timeout: float | None = None,
    source: Any = None,
    options: Sequence[tuple[int, int, int | bytes]] = (),
) -> Socket:
    """Return a socket connected to the first of the host's addresses that answers.

    Raises:
        socket.gaierror: the host has no address.
        TimeoutError: the last of them did not answer within ``timeout`` seconds.
        OSError: it could not be reached.
    """
    failure: OSError = OSError(f"{address[0]} has no address")
    for kind_of, kind, protocol, _name, place in _addresses(*address, family):
        sock = Socket(kind_of, kind, protocol)
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(timeout)
            if source:
                sock.bind(source)
            sock.connect(place)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


def _addresses(host: str, port: int, family: int) -> list[tuple[Any, ...]]:
    """Ask the resolver, in a thread of the loop's; an address that is a number needs none."""
    kind = socket.SOCK_STREAM
    try:
        return socket.getaddrinfo(host, port, family, kind, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        if not bridge.inside():
            return socket.getaddrinfo(host, port, family, kind)
    loop = asyncio.get_running_loop()
    return bridge.wait(loop.getaddrinfo(host, port, family=family, type=kind))


async def _ready(fd: int, event: int, seconds: float | None) -> bool:
    """Whether the file became ready for that event within the time."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bool] = loop.create_future()
    writes = event == select.POLLOUT
    (loop.add_writer if writes else loop.add_reader)(fd, settle, future, True)
    timer = None
    if seconds is not None:
        timer = loop.call_later(seconds, settle, future, False)
    try:
        return await future
    finally:
        (loop.remove_writer if writes else loop.remove_reader)(fd)
        if timer is not None:
            timer.cancel()


def _refuse_to_block_a_loop() -> None:
    if running_loop() is None:
        return
    raise BridgeError(
        "R106",
        "a streamed response was read in a coroutine that the bridge does not drive: it would block "
        "the event loop. Read it in the view, or with `await django_unblock.unblock(fn)(...)`.",
    )
