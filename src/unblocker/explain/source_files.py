"""The project's source files, where they can be read: by the path that a traceback gives, or what it ends with."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

LEFT_OUT = frozenset({"node_modules", "__pycache__", "site-packages", "dist-packages"})
_FOREIGN = re.compile(
    r"(?:^|[/\\])(?:site-packages|dist-packages|node_modules|asgiref|importlib)[/\\]|[/\\]lib(?:64)?[/\\]python\d"
    r"|[/\\]django_unblock[/\\]|^<|\.pyx$"
)
_LARGEST = 4 * 1024 * 1024
_MOST = 5000


def _is_left_out(folder: Path) -> bool:
    """Whether a folder holds no code of the project's own."""
    name = folder.name
    return name.startswith(".") or name in LEFT_OUT or (folder / "pyvenv.cfg").is_file()


def is_own(file: str) -> bool:
    """Whether the path is that of the project's own code, not Python's or an installed package's."""
    return not _FOREIGN.search(file)


@dataclass(frozen=True)
class SourceFile:
    """A parsed file of the project; `name` is its path relative to the project's root."""

    name: str
    text: str
    tree: ast.Module

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, from 0."""
        return self.text.splitlines()


@dataclass(slots=True)
class SourceFiles:
    """What can be read below `root`; without one, nothing."""

    root: Path | None
    _read: dict[str, SourceFile | None] = field(default_factory=dict)

    def find(self, file: str) -> SourceFile | None:
        """The file, which may have been served from another folder; None where it is not there or does not parse."""
        if file not in self._read:
            path = self._path(file)
            self._read[file] = self._parse(path) if path is not None else None
        return self._read[file]

    def name(self, file: str) -> str:
        """The path as places tell it: relative to the root where the file is below it."""
        path = self._path(file)
        if path is None or self.root is None:
            return file
        return path.relative_to(self.root).as_posix()

    def every(self) -> Iterator[SourceFile]:
        """The project's own files that parse, as far as they are not very many."""
        yield from islice(self._walk(), _MOST)

    def _walk(self) -> Iterator[SourceFile]:
        for folder, folders, files in os.walk(self.root) if self.root else ():
            folders[:] = sorted(one for one in folders if not _is_left_out(Path(folder, one)))
            for file in sorted(files):
                found = self.find(str(Path(folder, file))) if file.endswith(".py") else None
                if found is not None:
                    yield found

    def _path(self, file: str) -> Path | None:
        if self.root is None:
            return None
        parts = PurePosixPath(file.replace("\\", "/")).parts
        for start in range(len(parts)):
            path = self.root.joinpath(*parts[start:])
            if path.is_relative_to(self.root) and path.suffix == ".py" and path.is_file():
                return path
        return None

    def _parse(self, path: Path) -> SourceFile | None:
        try:
            if path.stat().st_size > _LARGEST:
                return None
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
        except (OSError, ValueError, SyntaxError):
            return None
        return SourceFile(self.name(str(path)), text, tree)
