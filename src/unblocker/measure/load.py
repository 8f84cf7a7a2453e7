"""Load on a server: what to send, how hard, and the process that sends it."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired

import msgspec

from unblocker.errors import UnblockError
from unblocker.measure.percentiles import Sample
from unblocker.measure.prepared import Prepared
from unblocker.services import ports
from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command, Process, Supervisor

TIMEOUT_S = 30.0
DYING_S = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """One path under load.

    Either `requests_each` is set and every client makes that many requests, or the clients ask
    for `seconds`, after a warm-up that lasts `warmup_s`, and on until each has had one answer, but
    no longer than `settle_s`. The requests under way at the end are given up and not counted.
    """

    port: int
    request: Prepared
    clients: int
    samples: str
    requests_each: int | None = None
    seconds: float = 0.0
    warmup_s: float = 0.0
    settle_s: float = 0.0
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the client says of a job; see `records.measurement.Run`."""

    seconds: float
    client_cpu: float
    settled: bool


class LoadClient:
    """The load generator's end in this process; made by `started`."""

    def __init__(self, process: Process) -> None:
        self._connection = socket.create_connection((LOOPBACK, process.command.port))
        self._stream = self._connection.makefile("rwb")
        self._process = process

    def run(self, job: Job) -> Outcome:
        """Run the job to its end; its samples are then in its file.

        Raises:
            UnblockError: the load generator failed (U070).
        """
        try:
            self._stream.write(msgspec.json.encode(job) + b"\n")
            self._stream.flush()
            line = self._stream.readline()
        except OSError:
            line = b""
        if line:
            return msgspec.json.decode(line, type=Outcome)
        with suppress(TimeoutExpired):
            self._process.wait(DYING_S)
        raise UnblockError(
            "U070",
            f"the load generator failed on {job.request.path}",
            hint=self._process.last_lines(),
        )

    def close(self) -> None:
        """Leave the load generator."""
        self._stream.close()
        self._connection.close()


@contextmanager
def started(supervisor: Supervisor, log: Path) -> Iterator[LoadClient]:
    """A load generator for as long as the block lasts."""
    port = ports.claim()
    argv = (sys.executable, "-m", "unblocker.measure.locust_client", str(port))
    command = Command("the load generator", argv, cwd=log.parent, log=log, port=port)
    process = supervisor.start(command)
    client = LoadClient(process)
    try:
        yield client
    finally:
        client.close()
        supervisor.stop(process)


def read(samples: Path) -> list[Sample]:
    """The raw samples that a job has written."""
    return msgspec.json.Decoder(Sample).decode_lines(samples.read_bytes())
