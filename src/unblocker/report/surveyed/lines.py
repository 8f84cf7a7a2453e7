"""What the parts of a survey in the terminal are printed with."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from unblocker.report.codes import code_page
from unblocker.report.tables import add, styled

MOST = 20
"""Findings and views per reason that are listed without `--all`."""


def title(console: Console, text: str, style: str = "") -> None:
    """The heading of a part, in the colour of the style."""
    console.print(styled(text, style), style="bold")


def dim(console: Console, text: str) -> None:
    """A line that matters less."""
    console.print(Text(text, style="dim"), soft_wrap=True)


def beside(console: Console, head: str, text: Text) -> None:
    """A word and what is said of it, wrapped beside it."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    add(grid, head, text)
    console.print(grid)


def more(console: Console, number: int, most: int | None) -> None:
    """How many of so many are not listed, and the blank line behind a part."""
    if most is not None and number > most:
        dim(console, f"and {number - most} more: --all lists them")
    console.print()


def meaning(code: str) -> str:
    """The title of the code's page."""
    page = code_page(code)
    return page.title if page else ""
