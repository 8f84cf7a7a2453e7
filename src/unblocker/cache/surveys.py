"""A project's last survey, from its file if nothing that it rests on has changed."""

from __future__ import annotations

import platform
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from unblocker.cache.stamps import State, state_of
from unblocker.cache.watching import absolute, watching
from unblocker.records.codec import write_whole
from unblocker.records.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FILE = "survey.msgpack"
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be surveyed, and how."""

    root: Path
    settings: str | None
    source_alone: bool = False


class Asked(msgspec.Struct, frozen=True):
    """What was asked for, of what, with what: an answer to anything else is of no use."""

    root: str
    settings: str | None
    source_alone: bool
    folder: str
    path: tuple[str, ...]
    python: str
    machine: str
    tool: str


class Kept(msgspec.Struct, frozen=True):
    """A survey with what it rests on."""

    asked: Asked
    state: State
    survey: msgspec.Raw


def cached(
    folder: Path, request: Request, survey: Callable[[], Survey], *, anew: bool = False
) -> tuple[Survey, bool]:
    """The project's survey, and whether it was kept in `folder` from an earlier run; if not, `survey` makes it.

    `anew` makes it in any case.

    It is kept with the files that loading and reading it opened, the folders they listed, the paths and variables of
    the environment they asked for, found or not. Nothing is kept of a project that was loaded before, of one that
    starts processes or opens connections while it is loaded, nor where a file was changed meanwhile.
    """
    asked = Asked(
        str(request.root),
        request.settings,
        request.source_alone,
        str(Path.cwd()),
        tuple(sys.path),
        f"{sys.executable} {sys.version} {sys.flags.optimize}",
        platform.node(),
        version("django-unblock"),
    )
    file = folder / _FILE
    kept = None if anew else _load(file)
    if kept is not None and kept.asked == asked and kept.state.holds():
        try:
            return msgspec.msgpack.decode(kept.survey, type=Survey), True
        except msgspec.DecodeError:
            pass
    if _is_loaded():
        return survey(), False
    since = time.time_ns()
    with watching() as seen:
        made = survey()
    seen.listed |= {absolute(path) for path in (*sys.path, *sys.path_importer_cache)}
    state = state_of(seen, _module_files(), request.root, since)
    if state is not None:
        raw = msgspec.Raw(msgspec.msgpack.encode(made))
        with suppress(OSError):  # the next run can do without
            write_whole(msgspec.msgpack.encode(Kept(asked, state, raw)), file)
    return made, False


def _load(file: Path) -> Kept | None:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return None


def _is_loaded() -> bool:
    """Whether Django runs in this process already: then nobody watched it being loaded."""
    settings = getattr(sys.modules.get("django.conf"), "settings", None)
    return bool(getattr(settings, "configured", False))


def _module_files() -> Iterator[str]:
    """The files of all modules, the tool's own with them: some were loaded before anybody watched."""
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str):
            yield absolute(path)
    yield from map(str, _PACKAGE.rglob("*.py"))
