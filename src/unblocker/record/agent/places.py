"""The innermost line of the project on the stack."""

import functools
import sys
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

FOREIGN_FOLDERS = frozenset(
    {"site-packages", "dist-packages", "node_modules", "__pycache__", ".venv", "venv", ".git", ".tox", ".unblock"}
)  # fmt: skip
"""As the survey has them: what lies in one is not the project's own code."""

type Line = tuple[str, int]

_root: Path
_beginnings: set[CodeType] = set()
_handovers: set[CodeType] = set()
_asked_from: ContextVar[Line | None] = ContextVar("unblock_asked_from", default=None)


def start(root: str) -> None:
    """The project is what lies below this folder."""
    global _root  # noqa: PLW0603  # one project per process
    _root = Path(root).resolve()
    own_file.cache_clear()


@functools.cache
def own_file(filename: str) -> str | None:
    """The file of a code object, relative to the project's root; None where it is not the project's own."""
    if filename.startswith("<"):
        return None  # made by `exec`
    try:
        relative = Path(filename).resolve().relative_to(_root)
    except (ValueError, OSError):
        return None
    return None if FOREIGN_FOLDERS.intersection(relative.parts) else relative.as_posix()


def begins_at(function: Any) -> None:
    """Where this function is on the stack, a request begins: who calls it (a test) caused nothing in it."""
    _beginnings.add(function.__code__)


def project_line() -> Line | None:
    """Where the project's own code stands: on this stack, or where it handed the work to this thread."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code in _beginnings:
            return None
        if code in _handovers:
            break
        file = own_file(code.co_filename)
        if file is not None:
            return file, frame.f_lineno
        frame = frame.f_back
    return _asked_from.get()


def watch_asgiref(sync: ModuleType) -> None:
    """Have what asgiref runs in a thread remember who asked for it: Django's `aget` and the like."""
    call = sync.SyncToAsync.__call__
    _handovers.add(sync.SyncToAsync.thread_handler.__code__)

    @functools.wraps(call)
    async def remembering(self: Any, *args: Any, **kwargs: Any) -> Any:
        token = _asked_from.set(project_line())
        try:
            return await call(self, *args, **kwargs)
        finally:
            with suppress(ValueError):  # a coroutine that was dropped is ended in another context
                _asked_from.reset(token)

    sync.SyncToAsync.__call__ = remembering
