"""The command group, and how errors reach the user."""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import click

from unblocker.errors import UnblockError

COMMANDS = ("survey", "plan", "convert", "undo", "verify", "bench", "report", "demo")
"""In the order of the work. Each is `unblocker.cli.<name>.<name>`, imported when it is asked for, so that a command
needs only what its own stages need."""


class Group(click.Group):
    """Loads commands late; ends with one clear error and status 2 where a command cannot run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's own signature
        """The commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """The command of that name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"unblocker.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command.

        Raises:
            SystemExit: status 2 after an `UnblockError`.
        """
        try:
            return super().invoke(ctx)
        except UnblockError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("django-unblock"), prog_name="django-unblock")
def main() -> None:
    """Find slow synchronous Django views, convert them, prove it, measure it."""
