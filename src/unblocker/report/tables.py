"""How the terminal's tables look."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

STYLES = {
    "convert": "green",
    "bridge": "cyan",
    "leave": "dim",
    "same": "green",
    "differs": "bold red",
    "not exercised": "yellow",
    "not deterministic": "yellow",
    "finding": "red",
    "problem": "yellow",
    "N+1": "yellow",
}


def new_table() -> Table:
    """An empty table without a frame."""
    return Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )


def numbers(table: Table, *headings: str) -> None:
    """Add a column of figures for each heading."""
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)


def add(table: Table, *cells: str | Text) -> None:
    """Add a row; text is shown as it is, not read as markup."""
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))


def say(console: Console, text: str, verdict: str = "") -> None:
    """Print one line as it is, in the colour of the verdict; a pipe gets it unwrapped."""
    console.print(styled(text, verdict), soft_wrap=True)


def show(console: Console, title: str, table: Table) -> None:
    """Print the table under its title, and a blank line."""
    console.print(Text(title, style="bold"))
    console.print(table)
    console.print()


def styled(text: str, verdict: str = "") -> Text:
    """The text in the colour of the verdict, which may be the text itself."""
    return Text(text, style=STYLES.get(verdict or text, ""))
