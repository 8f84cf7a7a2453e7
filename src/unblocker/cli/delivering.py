"""The options that say how `survey` tells its result, and where to."""

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console

from unblocker.cli.consoles import output, plain
from unblocker.cli.files import check_writable, encoded, write_whole
from unblocker.report.surveyed.formats import FORMATS, text_of
from unblocker.report.surveyed.next_steps import CALLED, Called
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.terminal import show

TABLE = "table"

_OPTIONS = (
    click.option("--format", "form", type=click.Choice([TABLE, *FORMATS]), default=TABLE),
    click.option(
        "--output",
        "path",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write the result to this file, whole or not at all.",
    ),
    click.option(
        "--all",
        "everything",
        is_flag=True,
        help="Also list the views that are left, and every finding.",
    ),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the result is told, and where to."""

    form: str
    path: Path | None
    everything: bool
    called: Called = CALLED

    def deliver(self, shown: Shown) -> None:
        """Write the result, what is for programs in UTF-8; `UnblockError` U007 where its file can't be written."""
        if self.path is not None:
            write_whole(self.path, self._text(shown))
        elif self.form != TABLE:
            click.echo(encoded(self._text(shown)), nl=False)
        elif sys.stdout.isatty():
            self._show(output(), shown)
        else:
            click.echo(self._text(shown), nl=False)

    def _text(self, shown: Shown) -> str:
        """The result as text; of a table each view is on one line, so that lines can be searched."""
        if self.form != TABLE:
            checkout = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
            return text_of(self.form, shown, Path(checkout).resolve())
        console = plain()
        with console.capture() as captured:
            self._show(console, shown)
        return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def _show(self, console: Console, shown: Shown) -> None:
        show(console, shown, self.called, everything=self.everything)


def delivery_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--format`, `--output` and `--all`; the command gets them as one `delivery`.

    Where the file cannot be written it is told before the command begins (U007).
    """

    @wraps(command)
    def delivering(*, form: str, path: Path | None, everything: bool, **others: Any) -> None:
        if path is not None:
            check_writable(path)
        delivery = Delivery(form, path, everything, called(click.get_current_context()))
        command(delivery=delivery, **others)

    wrapped: Callable[..., None] = delivering
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def called(context: click.Context) -> Called:
    """How the user called the tool; the project and settings only where they were named on the command line."""
    project, settings = (_named(context, parameter) for parameter in ("project", "settings"))
    command = context.find_root().info_name or CALLED.command
    return Called(command, shlex.quote(project) if project else "", settings)


def _named(context: click.Context, parameter: str) -> str:
    """What the command line gives for this parameter; nothing where it does not name it."""
    named = context.get_parameter_source(parameter) is ParameterSource.COMMANDLINE
    return str(context.params[parameter]) if named else ""
