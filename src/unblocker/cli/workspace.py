"""The project a command works on, and where its state is kept: `.unblock/` beside manage.py, ignored by git."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from unblocker.config import Config, load_config
from unblocker.records import codec

FOLDER = ".unblock"

SURVEY, PLAN, CHANGESET = "survey.json", "plan.json", "changeset.json"
EVIDENCE, MEASUREMENT = "evidence.json", "measurement.json"


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
        """Keep a stage's record."""
        keep_out_of_git(self.folder)
        codec.save(record, self.path(name))

    def load[T](self, name: str, record_type: type[T]) -> T:
        """A record kept by an earlier command; `UnblockError` U005 or U006 where there is none."""
        return codec.load(self.path(name), record_type)

    def load_if_there[T](self, name: str, record_type: type[T]) -> T | None:
        """The same, or None where no earlier command kept one."""
        return self.load(name, record_type) if self.path(name).exists() else None


def keep_out_of_git(folder: Path) -> None:
    """Make the folder with an ignore file of its own, so that the project's need not change."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def open_workspace(root: Path) -> Workspace:
    """The workspace of the project at `root`."""
    root = root.resolve()
    return Workspace(root, load_config(root), root / FOLDER)


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
