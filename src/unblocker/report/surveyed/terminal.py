"""A survey in the terminal: what to convert and what it gains, what is left and why, what to do next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from shlex import quote

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from unblocker.records.findings import Finding
from unblocker.records.plan import Verdict
from unblocker.records.report import Surveyed
from unblocker.records.survey import Problem
from unblocker.report.codes import code_page
from unblocker.report.figures import count, plural
from unblocker.report.surveyed.rows import Row, with_verdict
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.wording import gain, predicted
from unblocker.report.tables import add, new_table, numbers, styled

WIDE = 132
"""From so many columns on a view has one line; below, it has two."""

MOST = 20
"""Findings and views per reason that are listed without `--all`."""

_GAIN = len("12.3x")
_WHAT = len("list the views that are left, too") + 3

_HEADS: dict[Verdict, str] = {
    "convert": "to convert",
    "bridge": "served by the runtime without a rewrite",
    "leave": "left",
}


@dataclass(frozen=True, slots=True)
class Called:
    """How the user called the tool, and on which project where that was named."""

    command: str = "django-unblock"
    project: str = ""

    def again(self, verb: str, options: str = "") -> str:
        """The line that calls it with another command or other options."""
        return " ".join(part for part in (self.command, verb, self.project, options) if part)


CALLED = Called()


def show(
    console: Console, shown: Shown, called: Called = CALLED, *, everything: bool = False
) -> None:
    """Print the survey; `everything` lists the views that are left, and all findings and problems.

    `called` is for what to do next.
    """
    _head(console, shown.surveyed, shown.rows)
    if not shown.rows:
        _title(console, "No view was selected.", "")
    for verdict in _HEADS:
        chosen = with_verdict(shown.rows, verdict)
        if chosen and (verdict != "leave" or everything):
            _views(console, verdict, chosen)
        elif chosen:
            _reasons(console, chosen)
    most = None if everything else MOST
    _findings(console, shown.findings, most)
    _problems(console, (*shown.problems, *_of_views(shown.rows)), most)
    _next(console, shown, called)


def _head(console: Console, surveyed: Surveyed, rows: tuple[Row, ...]) -> None:
    survey, project = surveyed.survey, surveyed.survey.project
    own = sum(row.is_own for row in rows)
    others = f" and {count(len(rows) - own)} of the admin and packages" if own < len(rows) else ""
    lines = sum(file.lines for file in survey.files if file.path.endswith(".py"))
    head = Text.assemble(
        (project.root.rpartition("/")[2], "bold"),
        f"  {plural(own, 'view')}{others}, {plural(lines, 'line')} of Python, {surveyed.seconds:.1f} s",
    )
    console.print(head, soft_wrap=True)
    _dim(console, f"{project.settings}, Django {project.django}, Python {project.python}")
    _dim(console, f"Times are a request's I/O, now → planned: {_basis(surveyed)}.")
    console.print()


def _basis(surveyed: Surveyed) -> str:
    """What the times rest on."""
    bases = {view.prediction.basis for view in surveyed.plan.views if view.prediction.before}
    if bases <= {"assumed"}:
        return "assumed, not measured"
    return "measured" if bases == {"measured"} else "partly measured"


def _views(console: Console, verdict: Verdict, chosen: tuple[Row, ...]) -> None:
    _title(console, f"{plural(len(chosen), 'view')} {_HEADS[verdict]}", verdict)
    if console.width >= WIDE:
        console.print(_table(chosen))
    else:
        _pairs_of_lines(console, chosen)
    for code in dict.fromkeys(code for row in chosen for code in row.codes):
        _dim(console, f"{code} {_meaning(code)}")
    console.print()


def _table(chosen: Iterable[Row]) -> Table:
    """A line for each view."""
    rows = tuple(chosen)
    recorded = any(row.plan.traffic for row in rows)
    table = new_table()
    table.add_column("view", no_wrap=True)
    numbers(table, "predicted", "gain", *(["requests"] if recorded else []))
    table.add_column("why", no_wrap=True)
    for heading in ("does", "route", "code"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        times = (predicted(row.plan), gain(row.plan), *([_requests(row)] if recorded else []))
        where = ("\n".join(row.routes), str(row.place or ""))
        add(table, row.name, *times, " ".join(row.codes), row.does, *where)
    return table


def _pairs_of_lines(console: Console, chosen: tuple[Row, ...]) -> None:
    """Two lines for each view: what it is and gains, then where it is."""
    names = min(max(len(row.name) for row in chosen), console.width // 3)
    times = max(len(predicted(row.plan)) for row in chosen)
    for row in chosen:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=names, overflow="fold")
        grid.add_column(width=times, justify="right")
        grid.add_column(width=_GAIN, justify="right")
        grid.add_column(overflow="fold")
        does = Text(row.does)
        add(grid, Text(row.name, style="bold"), predicted(row.plan), gain(row.plan), does)
        console.print(grid)
        traffic = f"{_requests(row)} requests" if row.plan.traffic else ""
        parts = (" ".join(row.codes), *row.routes[:1], str(row.place or ""), traffic)
        where = "  ".join(part for part in parts if part)
        console.print(Padding(Text(where, style="dim", overflow="fold"), (0, 0, 0, 2)))


def _requests(row: Row) -> str:
    """How often the view was requested in the recording."""
    return count(row.plan.traffic.requests if row.plan.traffic else None)


def _reasons(console: Console, chosen: tuple[Row, ...]) -> None:
    """The views that are left, by reason; those of the project with their names."""
    _title(console, f"{plural(len(chosen), 'view')} left", "leave")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for code, number in Counter(row.code for row in chosen).most_common():
        names = [row.name for row in chosen if row.code == code and row.is_own]
        text = Text(_meaning(code))
        if names:
            text.append(f": {_some(names)}", style="dim")
        add(table, count(number), code, text)
    console.print(table)
    console.print()


def _some(names: list[str]) -> str:
    rest = len(names) - MOST
    told = ", ".join(names[:MOST])
    return f"{told} and {rest} more" if rest > 0 else told


def _findings(console: Console, findings: tuple[Finding, ...], most: int | None) -> None:
    if not findings:
        return
    _title(console, f"{plural(len(findings), 'finding')} in async code", "finding")
    for finding in findings[:most]:
        _coded(console, finding.code, f"{finding.place}: {finding.text}", finding.fix)
    _more(console, findings, most)


def _problems(console: Console, problems: tuple[Problem, ...], most: int | None) -> None:
    """What could not be read, by code."""
    if not problems:
        return
    _title(console, f"{plural(len(problems), 'problem')}: not read or not understood", "problem")
    for problem in sorted(problems, key=lambda one: one.code)[:most]:
        where = f"{problem.place}: " if problem.place else ""
        _coded(console, problem.code, f"{where}{problem.text}")
    _more(console, problems, most)


def _coded(console: Console, code: str, text: str, fix: str = "") -> None:
    """A code and what stands beside it; what to do about it below."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    add(grid, code, text)
    if fix:
        add(grid, "", Text(fix, style="dim"))
    console.print(grid)


def _of_views(chosen: tuple[Row, ...]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem for row in chosen for problem in row.problems))


def _more(console: Console, found: tuple[object, ...], most: int | None) -> None:
    if most is not None and len(found) > most:
        _dim(console, f"and {len(found) - most} more: --all lists them")
    console.print()


def _next(console: Console, shown: Shown, called: Called) -> None:
    steps: dict[str, str] = {}
    if shown.rows:
        explain = called.again("survey", f"--explain {quote(shown.rows[0].name)}")
        steps[explain] = "how this was concluded"
    if any(row.plan.verdict == "leave" for row in shown.rows):
        steps[called.again("survey", "--all")] = "list the views that are left, too"
    steps[called.again("survey", "--format html --output survey.html")] = "all of it as a page"
    if any(row.plan.verdict == "convert" for row in shown.rows):
        steps[called.again("convert")] = "show the new code; writes nothing"
    _title(console, "Next", "")
    longest = max(map(len, steps))
    for step, what in steps.items():
        beside = console.width > longest + _WHAT
        gap = " " * (longest - len(step) + 2) if beside else "\n    "
        console.print(Text.assemble(step, gap, (what, "dim")), soft_wrap=True)


def _title(console: Console, text: str, style: str) -> None:
    console.print(styled(text, style), style="bold")


def _dim(console: Console, text: str) -> None:
    console.print(Text(text, style="dim"), soft_wrap=True)


def _meaning(code: str) -> str:
    """The title of the code's page."""
    page = code_page(code)
    return page.title if page else ""
