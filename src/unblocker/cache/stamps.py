"""Telling whether files and folders are what they were."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unblocker.cache.variables import current
from unblocker.cache.watching import Seen, kind

if TYPE_CHECKING:
    from collections.abc import Iterable

_TICK_NS = 50_000_000
"""Longer than the clock of any common file system takes from one time to the next."""

_NOT_COMPARED = frozenset({"__pycache__", ".unblock", ".git"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was: what the file system says of it, and a hash of its content.

    `changed` is the time that no program can set: an edit that keeps size and modification time shows there. So does
    a new hard link to the file, which installers make; then the content tells.
    """

    path: str
    size: int
    modified: int
    changed: int
    inode: int
    sha256: str = ""

    def holds(self) -> bool:
        """Whether the file is the same still, or has the same content after all."""
        now = _stamp(self.path)
        if now is None or self.size == _MISSING.size:
            return (now is None) == (self.size == _MISSING.size)
        same = (now.size, now.modified, now.changed, now.inode)
        if same == (self.size, self.modified, self.changed, self.inode):
            return True
        return now.size == self.size and _hash(self.path) == self.sha256


_MISSING = Stamp("", -1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class State:
    """All that an answer rests on outside the program.

    Attributes:
        listings: folders with a digest of the names in them.
        kinds: paths with what was there.
        variables: variables of the environment with a digest of their value.
    """

    files: tuple[Stamp, ...]
    listings: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    variables: tuple[tuple[str, str], ...]

    def holds(self) -> bool:
        """Whether nothing of it has changed."""
        return (
            all(_digest(current(name)) == value for name, value in self.variables)
            and all(stamp.holds() for stamp in self.files)
            and all(kind(path) == what for path, what in self.kinds)
            and all(_listing(path) == names for path, names in self.listings)
        )


def state_of(seen: Seen, loaded: Iterable[str], own: Path, since_ns: int) -> State | None:
    """The state of what was seen and of the files of `loaded` modules.

    None where it can't be told for sure: something else was asked, or a file was changed since `since_ns`. Below the
    folder `own` the time counts that nobody can set.
    """
    if seen.beyond:
        return None
    paths = {path for path in (*seen.read, *loaded) if not _is_passing(path, own)}
    files = tuple(_stamped(path) for path in sorted(paths) if kind(path) != "folder")
    if any(_last_change(stamp, own) > since_ns - _TICK_NS for stamp in files):
        return None
    return State(
        files,
        tuple((path, _listing(path)) for path in sorted(seen.listed) if not _is_passing(path, own)),
        tuple(
            (path, what) for path, what in sorted(seen.asked.items()) if not _is_passing(path, own)
        ),
        tuple((name, _digest(value)) for name, value in sorted(seen.variables.items())),
    )


def _is_passing(path: str, own: Path) -> bool:
    """Whether it is compiled code, which follows its source, our own state, or belongs to the machine as it runs."""
    whole = Path(path)
    if whole.is_relative_to(own):
        return not _NOT_COMPARED.isdisjoint(whole.relative_to(own).parts)
    return "__pycache__" in whole.parts or whole.parts[1:2] in (("proc",), ("dev",), ("sys",))


def _last_change(stamp: Stamp, own: Path) -> int:
    is_own = Path(stamp.path).is_relative_to(own)
    return max(stamp.modified, stamp.changed) if is_own else stamp.modified


def _stamped(path: str) -> Stamp:
    found = _stamp(path)
    if found is None:
        return Stamp(path, _MISSING.size, 0, 0, 0)
    return Stamp(path, found.size, found.modified, found.changed, found.inode, _hash(path))


def _stamp(path: str) -> Stamp | None:
    try:
        now = Path(path).stat()
    except (OSError, ValueError):
        return None
    return Stamp(path, now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)


def _hash(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def _listing(path: str) -> str:
    try:
        with os.scandir(path) as entries:
            names = [entry.name for entry in entries]
    except (OSError, ValueError):
        return ""
    kept = (name for name in names if name not in _NOT_COMPARED and not name.endswith(".pyc"))
    return _digest("/".join(sorted(kept)))


def _digest(text: str | None) -> str:
    return "" if text is None else hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
