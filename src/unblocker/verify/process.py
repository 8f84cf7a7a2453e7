"""A worker's process as the coordinator sees it: started, asked with a deadline, killed when it does not answer."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from unblocker.errors import UnblockError
from unblocker.verify.protocol import (
    HEADER,
    Command,
    Failed,
    Ready,
    Reply,
    Setup,
    decode_reply,
    frame,
)

type Side = Literal["old", "control", "new"]

START_SECONDS = 60.0
LOG_LINES = 15
NAMES: dict[Side, str] = {
    "old": "the old code",
    "control": "the old code (its second process)",
    "new": "the new code",
}


class NoAnswerError(Exception):
    """The worker gave no reply in time."""


class CrashedError(NoAnswerError):
    """The worker's process ended."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a worker.

    Attributes:
        python: the interpreter of the project's environment.
        environment: the whole environment.
        log: file that gets what the project prints and logs.
        module: what the process runs.
    """

    side: Side
    python: str
    setup: Setup
    environment: Mapping[str, str]
    log: Path
    module: str = "unblocker.verify.worker"


class WorkerProcess:
    """One worker, started when it is made, and again by `restart`."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.ready = Ready("", "", "")
        self._start()

    @property
    def side(self) -> Side:
        """Which side it serves."""
        return self.launch.side

    def wait_ready(self) -> None:
        """Return when the project is loaded.

        Raises:
            UnblockError: it could not be (U052), with the project's own error.
        """
        try:
            reply = self.receive(START_SECONDS)
        except NoAnswerError as error:
            raise self._not_started(str(error), self.last_lines()) from None
        if isinstance(reply, Failed):
            raise self._not_started(reply.text, reply.details)
        if isinstance(reply, Ready):
            self.ready = reply

    def send(self, command: Command) -> None:
        """Tell it to do something; a worker that has died is noticed by `receive`."""
        assert self._process.stdin  # noqa: S101  # opened as a pipe
        try:
            self._process.stdin.write(frame(command))
            self._process.stdin.flush()
        except BrokenPipeError:
            return

    def receive(self, timeout_s: float) -> Reply:
        """Its reply.

        Raises:
            NoAnswerError: none came in time, or the process ended.
        """
        deadline = time.monotonic() + timeout_s
        size = int.from_bytes(self._take(HEADER, deadline), "big")
        return decode_reply(self._take(size, deadline))

    def restart(self) -> None:
        """Kill it and start another one; raises as `wait_ready`."""
        self.kill()
        self._start()
        self.wait_ready()

    def kill(self) -> None:
        """End the process and its children at once."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def last_lines(self) -> str:
        """The end of what it printed and logged."""
        lines = self.launch.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])

    def _start(self) -> None:
        self._buffer = b""
        self._process = self._spawn()
        self.send(self.launch.setup)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.launch.log.open("ab") as log:
            return subprocess.Popen(
                (self.launch.python, "-m", self.launch.module),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self.launch.setup.root,
                env=self.launch.environment,
                start_new_session=True,
            )

    def _take(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout  # noqa: S101  # opened as a pipe
        pipe = self._process.stdout.fileno()
        while len(self._buffer) < size:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([pipe], [], [], remaining)[0]:
                raise NoAnswerError("no answer in time")
            piece = os.read(pipe, 1 << 20)
            if not piece:
                raise CrashedError(f"its process ended with status {self._process.wait()}")
            self._buffer += piece
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _not_started(self, text: str, details: str) -> UnblockError:
        return UnblockError(
            "U052",
            f"{NAMES[self.side]} in {self.launch.setup.root} could not be started: {text}",
            hint=details.strip() or f"See {self.launch.log}.",
        )
