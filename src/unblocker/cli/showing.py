"""Changes as a patch."""

import click
from rich.console import Console
from rich.syntax import Syntax

from unblocker.records.changeset import Changeset
from unblocker.rewrite.diff import diff


def show_diff(console: Console, changeset: Changeset) -> None:
    """Print the changes, coloured in a terminal, as a plain patch in a pipe."""
    patch = diff(changeset)
    if console.is_terminal:
        console.print(Syntax(patch, "diff", background_color="default"))
    else:
        click.echo(patch, nl=False)
