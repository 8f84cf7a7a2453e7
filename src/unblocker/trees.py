"""A project's tree: where it is, and copies of it with a changeset laid over them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from unblocker.config import SETTINGS_VARIABLE, load_config, settings_of_pytest
from unblocker.errors import UnblockError
from unblocker.records.changeset import Changeset

LEFT_OUT = frozenset({".git", ".hg", ".svn", ".unblock", "__pycache__", "node_modules"})
LEVELS = 2


def project_folder(folder: Path, settings: str | None = None) -> Path:
    """The folder that holds manage.py: `folder` itself, or the only one up to two levels below it; absolute.

    Without one, it is `folder` itself if its settings are named by the environment, or by its pyproject.toml,
    pytest.ini, tox.ini or setup.cfg. With `settings`, `folder` will do without one, too: an app's own source has none,
    or several.

    Raises:
        UnblockError: `folder` is no folder, or there is none or more than one below it (U020).
    """
    hint = "Name the folder that holds manage.py; one without manage.py needs --settings."
    if not folder.is_dir():
        raise UnblockError("U020", f"{folder} is not a folder", hint=hint)
    folder = folder.resolve()
    if (folder / "manage.py").is_file():
        return folder
    match list(_projects_below(folder, LEVELS)):
        case [found]:
            return found
        case _ if settings:
            return folder
        case [] if _names_settings(folder):
            return folder
        case []:
            what = f"no manage.py below {folder}"
        case several:
            what = f"more than one manage.py below {folder}: {', '.join(map(str, several))}"
    raise UnblockError("U020", what, hint=hint)


def _names_settings(folder: Path) -> bool:
    named = os.environ.get(SETTINGS_VARIABLE) or load_config(folder).settings
    return bool(named or settings_of_pytest(folder))


def _projects_below(folder: Path, levels: int) -> Iterator[Path]:
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith(".") or _is_left_out(child, folder):
            continue
        if (child / "manage.py").is_file():
            yield child
        elif levels > 1:
            yield from _projects_below(child, levels - 1)


def materialise(root: Path, target: Path, changeset: Changeset | None) -> None:
    """Copy the project at `root` to the new folder `target`, converted by `changeset` if one is given.

    Left out: version control, virtual environments (folders with a `pyvenv.cfg`), caches, `.unblock`, and `target`
    itself where it lies inside. Modes and times are kept. A symbolic link into the project leads to the same thing in
    the copy, any other to what it leads to now.

    Raises:
        FileExistsError: `target` is there already.
        OSError: a file can't be read or written.
    """
    source, copy = root.resolve(), target.resolve()
    _copy_folder(source, copy, source, copy)
    for change in changeset.files if changeset else ():
        path = copy / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.resolve().is_relative_to(copy):
            path.unlink()
        path.write_bytes(change.after.encode(change.encoding))


def _copy_folder(folder: Path, copy: Path, root: Path, target: Path) -> None:
    copy.mkdir(parents=True)
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if _is_left_out(path, target):
                continue
            if entry.is_symlink():
                _copy_link(path, copy / entry.name, root, target)
            elif entry.is_dir():
                _copy_folder(path, copy / entry.name, root, target)
            elif entry.is_file():
                shutil.copy2(path, copy / entry.name)
    shutil.copystat(folder, copy)


def _is_left_out(path: Path, target: Path) -> bool:
    return path.name in LEFT_OUT or path == target or (path / "pyvenv.cfg").is_file()


def _copy_link(link: Path, copy: Path, root: Path, target: Path) -> None:
    destination = link.resolve()
    if destination.is_relative_to(root):
        inside = target / destination.relative_to(root)
        copy.symlink_to(os.path.relpath(inside, copy.parent))
    else:
        copy.symlink_to(destination)
