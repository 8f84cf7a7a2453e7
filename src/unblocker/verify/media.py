"""The sides' folders of uploaded files: put in line with the old side's, or back to what that held before a request."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from unblocker.verify.process import Side

type Listing = tuple[tuple[str, int, int], ...]


class Media:
    """One folder a side; `kept`, which is made, holds what the old side's held at the last `keep`: nothing at first."""

    def __init__(self, folders: Mapping[Side, Path], kept: Path) -> None:
        kept.mkdir(exist_ok=True)
        self._folders = folders
        self._kept = kept
        self._listed: Listing = ()

    def align(self) -> None:
        """Make every side hold what the old side holds."""
        for side, folder in self._folders.items():
            if side != "old":
                _copy(self._folders["old"], folder)

    def keep(self) -> None:
        """Remember what the old side holds now."""
        listed = _listing(self._folders["old"])
        if listed != self._listed:
            _copy(self._folders["old"], self._kept)
            self._listed = listed

    def has_changed(self, side: Side) -> bool:
        """Whether the side holds other files than the old side did at the last `keep`."""
        return _listing(self._folders[side]) != self._listed

    def put_back(self, sides: Iterable[Side]) -> None:
        """Make the sides hold what the old side held at the last `keep`."""
        for side in sides:
            if self.has_changed(side):
                _copy(self._kept, self._folders[side])


def _listing(folder: Path) -> Listing:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = ((path, path.stat()) for path in files)
    return tuple(
        (path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns)
        for path, stat in found
    )


def _copy(model: Path, folder: Path) -> None:
    """The same files, with the same times."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(model, folder)
