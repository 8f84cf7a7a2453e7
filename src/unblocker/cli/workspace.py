"""The project a command works on, and where its state is kept: `.unblock/` beside manage.py, ignored by git."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from unblocker.config import Config, load_config
from unblocker.errors import UnblockError
from unblocker.records import codec
from unblocker.trees import project_folder

FOLDER = ".unblock"

SURVEY, PLAN, CHANGESET = "survey.json", "plan.json", "changeset.json"
EVIDENCE, MEASUREMENT = "evidence.json", "measurement.json"
RECORDING, RECORDED = "recording.json", "recorded"
"""What `record` saw, and the folder of the lines it was put together from."""
MEASURED = "measured"
"""The folder of the measurement's raw samples, traces and logs."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project's root, its configuration, and the folder of its state, made with the first file saved in it."""

    root: Path
    config: Config
    folder: Path

    def path(self, name: str) -> Path:
        """The state file of that name."""
        return self.folder / name

    def save(self, record: object, name: str) -> None:
        """Keep a stage's record; `UnblockError` U007 where the folder can't be written."""
        with told_unwritable(self.folder):
            keep_out_of_git(self.folder)
            codec.save(record, self.path(name))

    def load[T](self, name: str, record_type: type[T]) -> T:
        """A record kept by an earlier command; `UnblockError` U005 or U006 where there is none."""
        return codec.load(self.path(name), record_type)

    def load_if_there[T](self, name: str, record_type: type[T]) -> T | None:
        """The same, or None where no earlier command kept one."""
        return self.load(name, record_type) if self.path(name).exists() else None


@contextmanager
def told_unwritable(folder: Path) -> Iterator[None]:
    """While something is written in the folder, tell that it failed.

    Raises:
        UnblockError: it can't be written (U007).
    """
    try:
        yield
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        raise UnblockError(
            "U007",
            f"{folder} cannot be written: {error.strerror or error}{at}",
            hint="django-unblock keeps its state there; make room for it and let it write.",
        ) from None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder and hold it for one run; another process's claim ends with that process.

    Raises:
        UnblockError: another run holds it (U010), or it can't be written (U007).
    """
    with told_unwritable(folder):
        keep_out_of_git(folder)
        lock = (folder / ".lock").open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnblockError(
                "U010",
                f"another run of django-unblock is at work in {folder}",
                hint="Wait until it has ended; `demo` can also be run from another folder.",
            ) from None
        yield


def keep_out_of_git(folder: Path) -> None:
    """Make the folder with an ignore file of its own, so that the project's need not change."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def open_workspace(folder: Path, settings: str | None = None) -> Workspace:
    """The workspace of the project in `folder`, or a level or two below it; with `settings`, see `project_folder`.

    Raises:
        UnblockError: there is no project (U020), or its configuration is wrong (U001, U002).
    """
    root = project_folder(folder, settings)
    configured = root if (root / "pyproject.toml").is_file() else folder
    return Workspace(root, load_config(configured), root / FOLDER)


def project_argument(command: Callable[..., None]) -> Callable[..., None]:
    """The `PROJECT` argument: the folder that holds manage.py, the current one by default."""
    return click.argument(
        "project",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
    )(command)


def settings_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--settings` option."""
    return click.option(
        "--settings", metavar="MODULE", help="The settings module; manage.py's by default."
    )(command)
