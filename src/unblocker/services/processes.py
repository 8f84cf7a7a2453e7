"""Child processes that are started together, watched, and never left behind.

Each child leads a process group of its own, under `launch.py`, which stops the group when this
process goes away, even by SIGKILL. Until then the supervisor stops them: at the end of its `with`
block, on an exception, on Ctrl-C, on SIGTERM and SIGHUP, and at exit.
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from unblocker.errors import UnblockError
from unblocker.services import launch, ports
from unblocker.signals import leave

STOP_GRACE_S = launch.GRACE_S
POLL_S = 0.03
LOG_LINES = 15


@dataclass(frozen=True, slots=True)
class Command:
    """What to run and how to know that it is up.

    Attributes:
        name: what the user reads in an error.
        argv: the command; its first item is found on PATH.
        cwd: where it runs.
        log: file that gets its output and its errors.
        port: the port on loopback that answers when it is up; 0 if it has none.
        http_path: if set, it is up when a GET of this path is answered.
        env: the whole environment; None for this process's own.
        stop_signal: what asks it to end; after `STOP_GRACE_S` its group is killed.
        user: system user to run it as; "" for the same one.
        patience_s: how long it may take to come up.
    """

    name: str
    argv: tuple[str, ...]
    cwd: Path
    log: Path
    port: int = 0
    http_path: str = ""
    env: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    user: str = ""
    patience_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Process:
    """A started command. `popen` is its launcher, the leader of its process group."""

    command: Command
    popen: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)

    def wait_ready(self) -> float:
        """Return, when it is up, the seconds that it took since its start.

        Raises:
            UnblockError: it died (U060) or did not come up in time (U061); with its last log lines.
        """
        while not self._is_up():
            if (status := self.popen.poll()) is not None:
                raise self._failure("U060", f"ended with status {status} before it was up")
            if time.monotonic() - self.started > self.command.patience_s:
                raise self._failure("U061", f"was not up after {self.command.patience_s:.0f} s")
            time.sleep(POLL_S)
        return time.monotonic() - self.started

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit status when it has ended; raises `subprocess.TimeoutExpired`."""
        return self.popen.wait(timeout_s)

    def last_lines(self) -> str:
        """The end of its log, with the log's name, for an error."""
        lines = self.command.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        told = "\n".join(lines) or "(it wrote nothing)"
        return f"Last lines of {self.command.log}:\n{told}"

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to everything in its process group that is still there."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, number)

    def _is_up(self) -> bool:
        if self.command.http_path:
            return ports.serves_http(self.command.port, self.command.http_path)
        return not self.command.port or ports.answers(self.command.port)

    def _failure(self, code: str, what: str) -> UnblockError:
        return UnblockError(code, f"{self.command.name} {what}", hint=self.last_lines())


class Supervisor:
    """A `with` block that stops every process started through it, however it is left.

    In the main thread it also turns SIGTERM and SIGHUP into `SignalExit`, so that the block is left.
    """

    def __init__(self) -> None:
        self._processes: list[Process] = []
        self._handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        atexit.register(self.stop_all)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                self._handlers[number] = signal.signal(number, leave)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with _undisturbed():
            self.stop_all()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # as signal.signal returned it
        atexit.unregister(self.stop_all)

    def spawn(self, command: Command) -> Process:
        """Start the command without waiting for it, so that several can come up together."""
        command.log.parent.mkdir(parents=True, exist_ok=True)
        launcher = (sys.executable, "-I", "-S", launch.__file__)
        with command.log.open("ab") as log:
            popen = subprocess.Popen(
                (*launcher, str(int(command.stop_signal)), command.user, *command.argv),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=command.cwd,
                env=command.env,
                start_new_session=True,
            )
        process = Process(command, popen)
        self._processes.append(process)
        return process

    def start(self, command: Command) -> Process:
        """Start the command and wait until it is up; raises as `Process.wait_ready`."""
        process = self.spawn(command)
        process.wait_ready()
        return process

    def stop(self, *processes: Process) -> None:
        """Ask the processes to end, all at the same time, and kill those that don't.

        Those that were stopped before are left alone.
        """
        processes = tuple(process for process in processes if process in self._processes)
        for process in processes:
            if process.popen.poll() is None:
                process.signal_group(process.command.stop_signal)
        deadline = time.monotonic() + STOP_GRACE_S
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # Also when the leader has ended: its own children may not have.
            process.signal_group(signal.SIGKILL)
            process.wait()
            if process.popen.stdin:
                process.popen.stdin.close()
            self._processes.remove(process)

    def stop_all(self) -> None:
        """Stop everything, what was started last first."""
        self.stop(*reversed(self._processes))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C or SIGTERM cut the stopping short; it takes `STOP_GRACE_S` at most."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
