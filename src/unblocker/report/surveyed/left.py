"""The views that are left, in the terminal: by reason."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from unblocker.report.figures import count, plural
from unblocker.report.surveyed.lines import MOST, meaning, title
from unblocker.report.surveyed.rows import Row
from unblocker.report.surveyed.wording import some
from unblocker.report.tables import add


def show_left(console: Console, chosen: tuple[Row, ...]) -> None:
    """Print how many views each reason has, those of the project with their names."""
    title(console, f"{plural(len(chosen), 'view')} left", "leave")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for code, number in Counter(row.code for row in chosen).most_common():
        names = [row.name for row in chosen if row.code == code and row.is_own]
        text = Text(meaning(code))
        if names:
            text.append(f": {some(names, MOST)}", style="dim")
        add(table, count(number), code, text)
    console.print(table)
    console.print()
