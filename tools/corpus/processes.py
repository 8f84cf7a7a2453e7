"""Running a command to its end: its output in a file, its time and its memory."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: its status, what it took, and whether it ended by itself."""

    status: int
    seconds: float
    megabytes: float
    in_time: bool


def run_to_end(
    command: tuple[str, ...], folder: Path, variables: Mapping[str, str], log: Path, seconds: int
) -> Ended:
    """Run the command in `folder`; after so many seconds it, and what it started, are ended."""
    start = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        late = threading.Timer(seconds, _end, (process.pid,))
        late.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - start
    return Ended(process.returncode, took, usage.ru_maxrss / 1024, took < seconds)


def _end(group: int) -> None:
    os.killpg(group, signal.SIGKILL)
