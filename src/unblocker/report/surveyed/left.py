"""The views that are left, in the terminal: by reason, and those with an N+1, which no conversion mends."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from unblocker.report.figures import count, plural
from unblocker.report.surveyed.lines import MOST, meaning, more, title
from unblocker.report.surveyed.rows import Row
from unblocker.report.surveyed.wording import some
from unblocker.report.tables import add


def show_left(console: Console, chosen: tuple[Row, ...]) -> None:
    """Print how many views each reason has, those of the project with their names."""
    _reasons(console, chosen)
    _row_by_row(console, [row for row in chosen if row.per_row])


def _reasons(console: Console, chosen: tuple[Row, ...]) -> None:
    """The views that are left, by reason; those of the project with their names."""
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


def _row_by_row(console: Console, chosen: list[Row]) -> None:
    """What the templates of views that are left fetch for each row: no conversion mends that, a join may."""
    if not chosen:
        return
    asks = "view that is left asks" if len(chosen) == 1 else "views that are left ask"
    title(console, f"{len(chosen)} {asks} again for each row (N+1)", "N+1")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for row in sorted(chosen, key=lambda row: -row.plan.prediction.before_ms)[:MOST]:
        place = Text(str(row.place or ""), style="dim")
        add(table, row.name, Text.assemble(some(row.per_row, MOST), "  ", place))
    console.print(table)
    more(console, len(chosen), MOST)
