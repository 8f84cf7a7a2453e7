"""`manage.py unblock <command> …` is `django-unblock <command> …` on this project with these settings."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Hands its arguments to the tool, which is imported only here: production does without it."""

    help = "Find slow synchronous views, convert them, prove it, measure it (django-unblock)."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take everything behind `unblock` as it is."""
        parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND …")

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the command line; `argv` is manage.py, `unblock` and the rest."""
        try:
            run_tool(argv[2:], f"{Path(argv[0]).name} {argv[1]}", Path(argv[0]).resolve().parent)
        except CommandError as error:
            self.stderr.write(f"error: {error}")
            sys.exit(error.returncode)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run from `call_command("unblock", …)`, in the current folder."""
        run_tool(options["arguments"], "manage.py unblock", Path())


def run_tool(arguments: list[str], name: str, folder: Path) -> None:
    """Run the tool on the project in `folder` where the arguments name no other.

    Raises:
        SystemExit: always, with the tool's exit status.
        CommandError: the tool is not installed.
    """
    try:
        from unblocker.cli.main import COMMANDS, main
    except ModuleNotFoundError as error:
        raise CommandError(
            f'R504: {error.name!r} is not installed; `pip install "django-unblock[tool]"` brings it.',
            returncode=2,
        ) from None
    defaults = {"project": folder, "settings": os.environ.get("DJANGO_SETTINGS_MODULE")}
    main(arguments, prog_name=name, default_map=dict.fromkeys(COMMANDS, defaults))
