"""Several files written together: all of them, or none."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Write:
    """New contents for one file; `old` or `new` is None where the file does not exist before or afterwards."""

    path: Path
    old: bytes | None
    new: bytes | None


def contents(path: Path) -> bytes | None:
    """The file's bytes; None where there is no file.

    Raises:
        OSError: it can't be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_all(writes: Sequence[Write]) -> None:
    """Carry out every write; after an error, or when interrupted, every file is as it was.

    A file is replaced at once by one that was written beside it, with its mode and owner. Symbolic links stay.

    Raises:
        OSError: a file can't be written.
    """
    for write in writes:
        if write.old is not None and not os.access(write.path, os.W_OK):
            raise PermissionError(13, "not writable", str(write.path))
    with _staged(writes) as staged:
        done: list[Write] = []
        try:
            for write, temporary in zip(writes, staged, strict=True):
                done.append(write)
                _put(write.path, temporary)
        except BaseException:
            _roll_back(done)
            raise


def _put(path: Path, temporary: Path | None) -> None:
    if temporary is None:
        path.unlink(missing_ok=True)
    else:
        temporary.replace(path.resolve())


def _roll_back(done: Sequence[Write]) -> None:
    """Put the old contents back; a file whose turn had not come yet is left alone."""
    back = [Write(w.path, w.new, w.old) for w in reversed(done) if contents(w.path) != w.old]
    with _staged(back) as staged:
        for write, temporary in zip(back, staged, strict=True):
            _put(write.path, temporary)


@contextmanager
def _staged(writes: Sequence[Write]) -> Iterator[list[Path | None]]:
    """Temporary files with the new contents, each beside the file it will replace; those left over are removed."""
    with ExitStack() as cleanup:
        staged: list[Path | None] = []
        for write in writes:
            temporary = None if write.new is None else _stage(write.path.resolve(), write.new)
            staged.append(temporary)
            if temporary is not None:
                cleanup.callback(temporary.unlink, missing_ok=True)
        yield staged


def _stage(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_over_mode(path, Path(name))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _take_over_mode(path: Path, temporary: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        temporary.chmod(0o644)
        return
    temporary.chmod(status.st_mode & 0o7777)
    with suppress(PermissionError):
        os.chown(temporary, status.st_uid, status.st_gid)
