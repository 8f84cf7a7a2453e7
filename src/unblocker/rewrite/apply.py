"""Applying a changeset to the project and taking it back: the one place that writes to it."""

from collections.abc import Sequence
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.records import codec
from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.places import Place
from unblocker.rewrite.writing import Write, contents, write_all

STATE = ".unblock"


def apply(changeset: Changeset, root: Path) -> None:
    """Write every file of the changeset, or none; afterwards `undo` can take it back.

    Raises:
        UnblockError: U041, a file is no longer what the changeset was made from; U042, a file can't be written;
            U046, a path leads out of the project. Nothing is written then.
    """
    if not changeset.files:
        return
    writes = [_forward(change, root) for change in changeset.files]
    for change, write in zip(changeset.files, writes, strict=True):
        if _read(write.path, change.path) != write.old:
            raise UnblockError(
                "U041",
                f"{change.path} changed since it was converted; nothing was written",
                place=Place(change.path, 1, 0, 1, 0),
                hint="Run `django-unblock convert` again, so that it starts from the file as it is now.",
            )
    record = _new_record(root)
    codec.save(changeset, record)
    try:
        _write(writes)
    except BaseException:
        record.unlink(missing_ok=True)
        raise


def undo(root: Path) -> Changeset:
    """Take back the changeset that was applied last, and return it; every file is as before, byte for byte.

    Raises:
        UnblockError: U043, nothing was applied; U044, a file changed since; U042, a file can't be written. Nothing
            is written then.
    """
    records = _records(root)
    if not records:
        raise UnblockError(
            "U043",
            f"there is nothing to undo in {root}",
            hint="Only what `django-unblock convert --write` wrote can be undone, and only once.",
        )
    changeset = codec.load(records[-1], Changeset)
    writes: list[Write] = []
    for change in changeset.files:
        write = _forward(change, root)
        current = _read(write.path, change.path)
        if current not in (write.old, write.new):
            raise UnblockError(
                "U044",
                f"{change.path} changed since it was converted; nothing was undone",
                place=Place(change.path, 1, 0, 1, 0),
                hint="Take your change out (or the conversion, by hand or with git), and undo again.",
            )
        if current != write.old:
            writes.append(Write(write.path, current, write.old))
    _write(writes)
    records[-1].unlink()
    return changeset


def _forward(change: FileChange, root: Path) -> Write:
    path = root / change.path
    if not path.resolve().is_relative_to(root.resolve()):
        raise UnblockError(
            "U046",
            f"{change.path} leads out of {root}; nothing was written",
            hint="Only files of the project are converted. If it is a symbolic link, replace it by the file.",
        )
    old = None if change.before is None else change.before.encode(change.encoding)
    return Write(path, old, change.after.encode(change.encoding))


def _read(path: Path, name: str) -> bytes | None:
    try:
        return contents(path)
    except OSError as error:
        raise _not_written(name, error) from error


def _write(writes: Sequence[Write]) -> None:
    try:
        write_all(writes)
    except OSError as error:
        raise _not_written(str(error.filename or "the files"), error) from error


def _not_written(name: str, error: OSError) -> UnblockError:
    return UnblockError(
        "U042",
        f"{name} cannot be written: {error.strerror or error}; no file was changed",
        hint="Make the file and its folder readable and writable for you, and run the command again.",
    )


def _records(root: Path) -> list[Path]:
    return sorted((root / STATE / "undo").glob("*.json"))


def _new_record(root: Path) -> Path:
    """Where the next changeset is kept; git is told to ignore the folder."""
    last = _records(root)[-1:]
    number = int(last[0].stem) + 1 if last else 1
    folder = root / STATE
    try:
        (folder / "undo").mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise _not_written(str(folder), error) from error
    return folder / "undo" / f"{number:04}.json"
