"""The command group, and how errors and interruptions reach the user."""

import signal
import sys
import threading
import traceback
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from unblocker.errors import UnblockError
from unblocker.nesting import deep_nesting
from unblocker.signals import leave

COMMANDS = {
    "survey": "List every view with the I/O it does; changes nothing.",
    "lint": "Find what fails or blocks in code that is asynchronous already.",
    "plan": "Say per view what to do, why, and the predicted gain.",
    "record": "Run your tests or server and note each view's requests and I/O.",
    "convert": "Rewrite the views that gain; --write writes it.",
    "undo": "Take back what the last `convert --write` wrote.",
    "verify": "Compare the code before and after converting.",
    "bench": "Measure the code before and after converting.",
    "report": "Show what the stages found; write it as an HTML page.",
    "explain": "Say where a traceback comes from, why, and what to do.",
    "demo": "Convert a sample project, prove it, measure it.",
}
"""Each with its line in the overview, in the order of the work. A command is `unblocker.cli.<name>.<name>`, imported
when it is asked for, so that the overview needs no stage and a command only its own."""

INTERRUPTED = 128 + signal.SIGINT
FOR_CLICK = (
    click.exceptions.NoArgsIsHelpError,
    click.exceptions.Exit,
    click.Abort,
    BrokenPipeError,
)
"""What click itself tells or keeps quiet about."""


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """The overview, without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command; leaves with status 2 where they can't be understood."""
        try:
            return super().parse_args(ctx, args)
        except FOR_CLICK:
            raise
        except click.ClickException as error:
            end(2, told(error))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command.

        Raises:
            SystemExit: status 2 after an error, 130 after Ctrl-C, 143 and 129 after SIGTERM and SIGHUP.
        """
        leave_on_signals()
        write_any_letter()
        try:
            with deep_nesting():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            end(INTERRUPTED, "Interrupted.")
        except FOR_CLICK:
            raise
        except Exception as error:  # noqa: BLE001  # status 1 means findings, which a failure of ours is not
            end(2, told(error))


def told(error: Exception) -> str:
    """What the user reads of an error; with a traceback only where the tool itself is at fault."""
    if isinstance(error, UnblockError):
        return f"error: {error}"
    if isinstance(error, click.ClickException):
        return f"error: {misunderstood(error)}"
    if isinstance(error, ModuleNotFoundError):
        return f"error: {missing_package(error)}"
    defect = UnblockError(
        "U009",
        f"django-unblock failed: {type(error).__name__}: {error}",
        hint="This is a defect of the tool. Please report it with the traceback above.",
    )
    return f"{''.join(traceback.format_exception(error))}error: {defect}"


def missing_package(error: ModuleNotFoundError) -> UnblockError:
    """The error where an optional dependency of the tool is not installed (U008)."""
    return UnblockError(
        "U008",
        f"the package of the module {error.name!r} is not installed",
        hint='`pip install "django-unblock[tool]"`; verify, bench and demo need "django-unblock[demo]".',
    )


def misunderstood(error: click.ClickException) -> UnblockError:
    """The error where click can't make anything of the command line (U090)."""
    context = getattr(error, "ctx", None)
    usage = f"{context.get_usage()}\nSee {context.command_path} --help." if context else ""
    return UnblockError("U090", error.format_message(), hint=usage)


def end(status: int, message: str) -> NoReturn:
    """Say why, and leave with this exit status."""
    click.echo(message, err=True)
    sys.exit(status)


def leave_on_signals() -> None:
    """Have SIGTERM and SIGHUP raise `SignalExit` in the main thread."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, leave)


def write_any_letter() -> None:
    """Write letters that the output's encoding has not got as escapes, instead of failing on them."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("django-unblock"), prog_name="django-unblock")
def main() -> None:
    """Find slow synchronous Django views, convert them, prove it, measure it."""
