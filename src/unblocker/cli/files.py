"""Results that go to a file which the user names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unblocker.errors import UnblockError


def check_writable(path: Path) -> None:
    """Tell before the work, not after it, that nothing can be written there.

    Raises:
        UnblockError: it is a folder, or its folder is not there or cannot be written (U007).
    """
    with _telling(path):
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if not path.parent.is_dir():
            raise FileNotFoundError(None, f"there is no folder {path.parent}")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise PermissionError(None, "you may not write there")


def write_whole(path: Path, text: str) -> None:
    """Write the text to the file, all of it or nothing; `UnblockError` U007 where it can't be written."""
    target = path.resolve()
    with _telling(path):
        if target.exists() and not target.is_file():
            target.write_bytes(encoded(text))
            return
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            partial.write_bytes(encoded(text))
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def encoded(text: str) -> bytes:
    """The text in UTF-8; what a file's name holds that is no letter becomes an escape."""
    return text.encode(errors="backslashreplace")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnblockError(
            "U007",
            f"{path} cannot be written: {error.strerror or error}",
            hint="Name another file with --output.",
        ) from None
