"""Runs the recorded command: in this terminal, with our signals handed on, to its own end."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from unblocker.errors import UnblockError

HANDED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Ended:
    """How the command ended: its exit status as a shell tells it, and how long it ran."""

    status: int
    seconds: float


def execute(command: tuple[str, ...], environment: Mapping[str, str]) -> Ended:
    """Run the command, its input and output those of this process.

    SIGINT, SIGTERM and SIGHUP are handed on, except for those that the terminal has sent to both already.

    Raises:
        UnblockError: there is no such command, or it can't be executed (U081).
    """
    argv = executable(command, environment)
    began = time.monotonic()
    try:
        process = subprocess.Popen(argv, env=environment)
    except OSError as error:
        raise UnblockError(
            "U081",
            f"{command[0]} cannot be started: {error.strerror}",
            hint="Put the command behind `--`, as you would type it: `record -- python manage.py test`.",
        ) from None
    with _handing_on(process):
        status = process.wait()
    return Ended(128 - status if status < 0 else status, time.monotonic() - began)


def executable(command: tuple[str, ...], environment: Mapping[str, str]) -> list[str]:
    """The command as it can be executed: a Python file by this Python, anything else as the PATH has it."""
    name, *rest = command
    if name.endswith(".py") and not os.access(name, os.X_OK):
        return [sys.executable, *command]
    return [shutil.which(name, path=environment.get("PATH")) or name, *rest]


@contextmanager
def _handing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    def hand_on(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGTERM or not _in_foreground():
            process.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in HANDED_ON}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether a terminal's Ctrl-C goes to this process and to the command alike."""
    try:
        with Path("/dev/tty").open("rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
