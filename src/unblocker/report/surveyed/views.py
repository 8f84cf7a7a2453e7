"""The views of one verdict in the terminal: a line for each where there is room, else two."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from unblocker.records.plan import Verdict
from unblocker.report.figures import count, plural
from unblocker.report.surveyed.lines import dim, meaning, title
from unblocker.report.surveyed.rows import Row
from unblocker.report.surveyed.wording import gain, predicted
from unblocker.report.tables import add, new_table, numbers

WIDE = 132
"""From so many columns on a view has one line; below, it has two."""

_HEADS: dict[Verdict, str] = {
    "convert": "to convert",
    "bridge": "served by the runtime without a rewrite",
    "leave": "left",
}


def show_views(console: Console, verdict: Verdict, chosen: tuple[Row, ...]) -> None:
    """Print the views, and what their codes mean."""
    title(console, f"{plural(len(chosen), 'view')} {_HEADS[verdict]}", verdict)
    if console.width >= WIDE:
        console.print(_table(chosen))
    else:
        _pairs_of_lines(console, chosen)
    for code in dict.fromkeys(code for row in chosen for code in row.codes):
        dim(console, f"{code} {meaning(code)}")
    console.print()


def _table(rows: tuple[Row, ...]) -> Table:
    """A line for each view."""
    recorded = any(row.plan.traffic for row in rows)
    table = new_table()
    table.add_column("view", no_wrap=True)
    numbers(table, "predicted", "gain", *(["requests"] if recorded else []))
    table.add_column("why", no_wrap=True)
    for heading in ("does", "route", "code"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        times = (predicted(row.plan), gain(row.plan), *([_requests(row)] if recorded else []))
        where = (_routes(row), str(row.place or ""))
        add(table, row.name, *times, " ".join(row.codes), row.does, *where)
    return table


def _pairs_of_lines(console: Console, chosen: tuple[Row, ...]) -> None:
    """Two lines for each view: what it is and gains, then where it is."""
    names = min(max(len(row.name) for row in chosen), console.width * 3 // 8)
    times = max(len(predicted(row.plan)) for row in chosen)
    gains = max(len(gain(row.plan)) for row in chosen)
    for row in chosen:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=names, overflow="fold")
        grid.add_column(width=times, justify="right")
        cells: list[str | Text] = [Text(row.name, style="bold"), predicted(row.plan)]
        if gains:
            grid.add_column(width=gains, justify="right")
            cells.append(gain(row.plan))
        grid.add_column(overflow="fold")
        add(grid, *cells, row.does)
        console.print(grid)
        traffic = f"{_requests(row)} requests" if row.plan.traffic else ""
        parts = (" ".join(row.codes), _routes(row), str(row.place or ""), traffic)
        where = "  ".join(part for part in parts if part)
        console.print(Padding(Text(where, style="dim", overflow="fold"), (0, 0, 0, 2)))


def _requests(row: Row) -> str:
    """How often the view was requested in the recording."""
    return count(row.plan.traffic.requests if row.plan.traffic else None)


def _routes(row: Row) -> str:
    """The first route, and how many more there are."""
    more = len(row.routes) - 1
    return "".join(row.routes[:1]) + (f" and {more} more" if more > 0 else "")
