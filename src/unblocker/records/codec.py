"""Records to JSON files and back, checked on the way in."""

import os
import tempfile
from pathlib import Path

import msgspec

from unblocker.errors import UnblockError


def to_json(record: object) -> bytes:
    """The record as indented UTF-8 JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def from_json[T](data: bytes, record_type: type[T]) -> T:
    """The record that `data` holds.

    Raises:
        msgspec.ValidationError: the JSON does not have the shape of `record_type`.
        msgspec.DecodeError: it is not JSON.
    """
    return msgspec.json.decode(data, type=record_type)


def save(record: object, path: Path) -> None:
    """Write the record to `path`, whole or not at all, making its folder where needed."""
    write_whole(to_json(record), path)


def write_whole(data: bytes, path: Path) -> None:
    """Write `data` to `path`, whole or not at all, making its folder where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load[T](path: Path, record_type: type[T]) -> T:
    """The record saved at `path`.

    Raises:
        UnblockError: the file is missing, or holds something else (codes U005 and U006).
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnblockError(
            "U005", f"{path} does not exist", hint=f"Run the stage that writes {path.name} first."
        ) from None
    try:
        return from_json(data, record_type)
    except msgspec.DecodeError as error:
        raise UnblockError(
            "U006",
            f"{path} is not a saved {record_type.__name__}: {error}",
            hint="It was written by another version or edited by hand; run its stage again.",
        ) from None
