"""The warm-up of a server: requests that are certain to reach each of its worker processes.

All workers of a server take connections from one socket, and the system wakes whom it likes: often the same one again.
So while one worker is to be reached, the others are stopped for the moment that it takes to connect, and the request is
sent when the system tells that the connection is that worker's. The app that is served knows nothing of it.
"""

import http.client
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial

import psutil

from unblocker.measure.load import TIMEOUT_S
from unblocker.measure.prepared import Prepared
from unblocker.measure.servers import Variant
from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Process

PATIENCE_S = 10.0
"""For each worker; gunicorn gives up one whose only connection sends nothing for 30 seconds."""
CONNECTED_WITHIN_S = 0.5
POLL_S = 0.005


def warm(
    server: Process, variant: Variant, request: Prepared, patience_s: float = PATIENCE_S
) -> int:
    """Let each worker of the server answer the request `variant.warming` times, all at the same time.

    Returns how many workers could not be reached, each within `patience_s`. What they answer is not looked at.
    """
    port = server.command.port
    _wait(lambda: len(_workers(server)) >= variant.processes, patience_s)
    workers = _workers(server)
    reached = 0
    with ExitStack() as held:
        connections = []
        for worker in workers:
            others = [other for other in workers if other != worker]
            taken = _connect(worker, others, port, variant.warming, patience_s)
            connections += [held.enter_context(closing(connection)) for connection in taken]
            reached += bool(taken)
        _ask(connections, request)
    return max(0, variant.processes - reached)  # one that was replaced meanwhile is one more


def _workers(server: Process) -> list[psutil.Process]:
    """The processes that take connections: those that listen and have no child that does."""
    with suppress(psutil.Error):
        family = psutil.Process(server.popen.pid).children(recursive=True)
        listening = [member for member in family if _listens(member, server.command.port)]
        parents = {member.ppid() for member in listening}
        return [member for member in listening if member.pid not in parents]
    return []


def _listens(process: psutil.Process, port: int) -> bool:
    connections = process.net_connections("tcp")
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)


def _connect(
    worker: psutil.Process,
    others: Iterable[psutil.Process],
    port: int,
    count: int,
    patience_s: float,
) -> list[http.client.HTTPConnection]:
    """So many connections that the worker has taken; none where it takes none."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        connections = [
            http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S) for _ in range(count)
        ]
        with suppress(OSError, psutil.Error), _stopped(others):
            for connection in connections:
                connection.connect()
            if _wait(partial(_has_taken, worker, connections), CONNECTED_WITHIN_S):
                return connections
        for connection in connections:
            connection.close()
        time.sleep(POLL_S)
    return []


@contextmanager
def _stopped(processes: Iterable[psutil.Process]) -> Iterator[None]:
    """The processes do nothing while the block lasts."""
    try:
        for process in processes:
            process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.Error):
                process.resume()


def _has_taken(worker: psutil.Process, connections: Iterable[http.client.HTTPConnection]) -> bool:
    come_from = {one.raddr.port for one in worker.net_connections("tcp") if one.raddr}
    return come_from >= {connection.sock.getsockname()[1] for connection in connections}


def _ask(connections: Iterable[http.client.HTTPConnection], request: Prepared) -> None:
    for connection in connections:
        with suppress(OSError, http.client.HTTPException):
            connection.request(request.method, request.path, request.body or None, request.headers)
    for connection in connections:
        with suppress(OSError, http.client.HTTPException):
            connection.getresponse().read()


def _wait(holds: Callable[[], bool], patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
