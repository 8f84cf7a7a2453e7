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


def show(console: Console, title: str, table: Table) -> None:
    """Print the table under its title, and a blank line."""
    console.print(Text(title, style="bold"))
    console.print(table)
    console.print()


def styled(text: str, verdict: str = "") -> Text:
    """The text in the colour of the verdict, which is the text itself where none is named."""
    return Text(text, style=STYLES.get(verdict or text, ""))
