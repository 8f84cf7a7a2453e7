"""This process's file: a JSON object a line, each written at once, so that a killed process loses nothing.

Lines: `imported` when Django comes in, `ready` when the apps are loaded; then per request, by its number, `begin`,
`view`, `op` and `end`; at a process's regular end `outside`. A line is appended with one system call: threads need no
lock.
"""

import functools
import itertools
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

_encode = json.JSONEncoder(separators=(",", ":")).encode
_folder: Path
_file: int | None = None
_numbers = itertools.count(1)
_outside = 0


def start(folder: Path) -> None:
    """Write into a new file of that folder, made with the first line."""
    global _folder  # noqa: PLW0603  # one journal per process
    _folder = folder


@functools.lru_cache(maxsize=4096)
def members(**fields: Any) -> str:
    """The members of a JSON object, without its braces: what many lines have in common is encoded once."""
    return _encode(fields)[1:-1]


def write(event: str, **fields: Any) -> None:
    """Append a line; what is no JSON (a user's key of an odd type) is left out."""
    with suppress(TypeError, ValueError):
        append(_encode({"e": event, **fields}))


def append(line: str) -> None:
    """Append a line as it is; a file that can't be written is given up silently."""
    global _file  # noqa: PLW0603
    if _file == -1:
        return
    try:
        if _file is None:
            _file = _open()
        os.write(_file, line.encode() + b"\n")
    except OSError:
        _file = -1


def next_number() -> int:
    """The number of a new request."""
    return next(_numbers)


def count_outside() -> None:
    """An operation in no request; the count stands in the next request's first line, and at the end."""
    global _outside  # noqa: PLW0603
    _outside += 1


def outside() -> int:
    """How many there were so far."""
    return _outside


def after_fork() -> None:
    """A child has a file and numbers of its own."""
    global _file, _numbers, _outside
    if _file is not None and _file != -1:
        os.close(_file)
    _file, _numbers, _outside = None, itertools.count(1), 0
    if "django" in sys.modules:
        write("imported")


def django_arrived(_django: ModuleType) -> None:
    """This is a process with Django."""
    import atexit

    write("imported")
    atexit.register(lambda: write("outside", count=_outside))


def registry_arrived(registry: ModuleType) -> None:
    """Note when the project's apps are loaded: `django.setup()` came through."""
    populate = registry.Apps.populate

    def populated(self: Any, installed_apps: Any = None) -> Any:
        result = populate(self, installed_apps)
        if self is registry.apps and self.ready:
            registry.Apps.populate = populate
            write("ready")
        return result

    registry.Apps.populate = populated


def _open() -> int:
    path = _folder / f"{os.getpid()}-{time.time_ns()}.jsonl"
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
