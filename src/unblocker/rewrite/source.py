"""Reading a source file so that it can be written back byte for byte."""

import hashlib
import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.records.places import Place
from unblocker.records.survey import SourceFile


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text with its line endings kept; encoding `utf-8-sig` says that it starts with a BOM."""

    path: str
    encoding: str
    text: str


def read_source(root: Path, path: str) -> Source:
    """The file at `path` below `root`, in the encoding that its BOM or cookie names.

    Raises:
        UnblockError: U045, the file can't be read, or not in its encoding.
    """
    try:
        data = (root / path).read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnblockError(
            "U045",
            f"{path} cannot be read as Python source: {error}",
            place=Place(path, 1, 0, 1, 0),
            hint="Make the file readable, or correct its encoding, and run `django-unblock plan` again.",
        ) from error
    return Source(path, encoding, text)


def check_unchanged(files: Iterable[SourceFile], root: Path) -> None:
    """Refuse a plan that rests on files that are no longer what the survey read.

    Raises:
        UnblockError: U040, naming the first file that changed or is gone.
    """
    for file in files:
        try:
            digest = hashlib.sha256((root / file.path).read_bytes()).hexdigest()
        except OSError:
            digest = ""
        if digest != file.sha256:
            raise UnblockError(
                "U040",
                f"{file.path} {'changed' if digest else 'disappeared'} since it was surveyed",
                place=Place(file.path, 1, 0, 1, 0),
                hint="Run `django-unblock survey` and `django-unblock plan` again, then convert.",
            )
