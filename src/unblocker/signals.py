"""SIGTERM and SIGHUP as an exception, so that every `with` block is left: no process and no folder stays behind."""

from types import FrameType


class SignalExit(SystemExit):
    """A signal ends the command. Unlike another SystemExit, it never comes from the project's own code."""


def leave(number: int, _frame: FrameType | None) -> None:
    """A handler for `signal.signal`: ends with the status that a shell gives, 128 and the number."""
    raise SignalExit(128 + number)
