"""Where results and remarks go: results to standard output, so that they can be piped, the rest to standard error."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import click
from rich.console import Console
from rich.status import Status

type Progress = Callable[[str], None]

UNWRAPPED = 10_000
"""Columns for which nothing is ever wrapped."""


def output() -> Console:
    """Where results go: tables as wide as the terminal, plain where it is a pipe."""
    return Console()


def plain() -> Console:
    """A console that only keeps what is printed on it: plain text, unwrapped unless COLUMNS says how wide."""
    width = None if "COLUMNS" in os.environ else UNWRAPPED
    return Console(file=StringIO(), width=width, color_system=None)


def messages() -> Console:
    """Where progress and remarks go, so that results can be piped."""
    return Console(stderr=True)


def progress_on(console: Console) -> Status:
    """A status line for long work; use as a context manager, its `update` is the progress callback."""
    return console.status("")


@contextmanager
def progress_unless(*, quiet: bool) -> Iterator[Progress]:
    """The same on standard error; nothing where it is to be quiet or is no terminal."""
    if quiet:
        yield lambda _: None
        return
    with progress_on(messages()) as status:
        yield status.update


def quiet_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--quiet` option."""
    return click.option("--quiet", is_flag=True, help="Show no progress.")(command)


def remark(text: str) -> None:
    """Print a line for people, as it is: not wrapped, its brackets and numbers without a meaning."""
    messages().print(text, soft_wrap=True, markup=False, highlight=False)
