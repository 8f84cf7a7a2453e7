"""Where results and remarks go: results to standard output, so that they can be piped, the rest to standard error."""

from collections.abc import Callable

from rich.console import Console
from rich.status import Status

type Progress = Callable[[str], None]


def output() -> Console:
    """Where results go: tables as wide as the terminal, plain where it is a pipe."""
    return Console()


def messages() -> Console:
    """Where progress and remarks go, so that results can be piped."""
    return Console(stderr=True)


def progress_on(console: Console) -> Status:
    """A status line for long work; use as a context manager, its `update` is the progress callback."""
    return console.status("")


def remark(text: str) -> None:
    """Print a line for people, as it is: not wrapped, its brackets and numbers without a meaning."""
    messages().print(text, soft_wrap=True, markup=False, highlight=False)
