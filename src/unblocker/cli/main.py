"""The command group, and how errors reach the user."""

import sys
from importlib.metadata import version
from typing import Any

import click

from unblocker.cli.bench import bench
from unblocker.cli.convert import convert
from unblocker.cli.demo import demo
from unblocker.cli.plan import plan
from unblocker.cli.report import report
from unblocker.cli.survey import survey
from unblocker.cli.undo import undo
from unblocker.cli.verify import verify
from unblocker.errors import UnblockError


class Group(click.Group):
    """A group whose commands end with one clear error and status 2 where they cannot run."""

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


for command in (survey, plan, convert, undo, verify, bench, report, demo):
    main.add_command(command)
