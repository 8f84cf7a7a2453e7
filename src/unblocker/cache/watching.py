"""What code looks at while it runs: files, folders and variables of the environment, those that are missing too."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from unblocker.cache.variables import watching_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FOLDERS = frozenset({"os.listdir", "os.scandir"})
_BEYOND = (
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "os.startfile",
    "socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto", "urllib.Request",
    "sqlite3.connect", "http.client.connect", "ftplib.", "smtplib.", "poplib.", "imaplib.",
)  # fmt: skip
"""Audit events of what an answer may depend on and no file shows."""


@dataclass(slots=True)
class Seen:
    """What was looked at, by absolute path.

    Attributes:
        read: files that were opened for reading, whether they are there or not.
        listed: folders whose names were read.
        asked: for paths that were asked for, what was there.
        variables: for variables of the environment that were read first, what they were.
        beyond: what else the code turned to, and can't be compared later: processes, sockets.
    """

    read: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    asked: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str | None] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)

    def note(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take down one of Python's audit events."""
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, str | bytes | os.PathLike) and not _only_writes(flags):
                self.read.add(absolute(path))
        elif event in _FOLDERS:
            path = arguments[0] if arguments[0] is not None else "."
            if isinstance(path, str | bytes | os.PathLike):
                self.listed.add(absolute(path))
        elif event.startswith(_BEYOND) and not _asks_the_system():
            self.beyond.add(event)


@contextmanager
def watching() -> Iterator[Seen]:
    """Take down what any code looks at while inside."""
    seen = Seen()
    with _hearing(seen), _asked_paths(seen), watching_variables(seen.variables):
        yield seen


def absolute(path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> str:
    """The path from the root of the file system, symbolic links left in it."""
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # `resolve` would follow links


def kind(path: str, stat: Callable[[str], os.stat_result] = os.stat) -> str:
    """What is at the path: a file, a folder, something else or nothing."""
    try:
        mode = stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "folder" if S_ISDIR(mode) else "file" if S_ISREG(mode) else "other"


def _asks_the_system() -> bool:
    """Whether it is the standard library that looks for a shared library or the processor: psycopg has it do so."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_globals.get("__name__") in ("ctypes.util", "platform"):
            return True
    return False


def _only_writes(flags: object) -> bool:
    return isinstance(flags, int) and flags & os.O_ACCMODE == os.O_WRONLY


_listeners: list[Seen] = []
_hooked: list[Callable[[str, tuple[object, ...]], None]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    for seen in _listeners:
        seen.note(event, arguments)


@contextmanager
def _hearing(seen: Seen) -> Iterator[None]:
    """An audit hook can't be taken out again: one for all, which has nobody to tell outside."""
    if not _hooked:
        _hooked.append(_hear)
        sys.addaudithook(_hear)
    _listeners.append(seen)
    try:
        yield
    finally:
        _listeners.remove(seen)


@contextmanager
def _asked_paths(seen: Seen) -> Iterator[None]:
    """`os.path.exists` and its like are no audit events; they all come through `os.stat`."""
    stat = os.stat

    def noting(path: int | str | bytes | os.PathLike[str], **options: object) -> os.stat_result:
        if not isinstance(path, int) and options.get("dir_fd") is None:
            name = absolute(path)
            if name not in seen.asked:
                seen.asked[name] = ""
                seen.asked[name] = kind(name, stat)
        return stat(path, **options)  # type: ignore[arg-type]  # handed on as they came

    os.stat = noting  # type: ignore[assignment]  # put back below
    try:
        yield
    finally:
        os.stat = stat
