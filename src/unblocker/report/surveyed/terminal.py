"""A survey in the terminal: what to convert and what it gains, what is left and why, what to do next."""

from rich.console import Console
from rich.text import Text

from unblocker.records.findings import Finding
from unblocker.records.report import Surveyed
from unblocker.records.survey import Problem
from unblocker.report.figures import count, plural
from unblocker.report.surveyed.left import show_left
from unblocker.report.surveyed.lines import MOST, beside, dim, more, title
from unblocker.report.surveyed.n_plus_1 import RowByRow, row_by_row
from unblocker.report.surveyed.next_steps import CALLED, Called, show_next
from unblocker.report.surveyed.rows import VERDICTS, Row, with_verdict
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.views import show_views
from unblocker.report.surveyed.wording import NAMES, some

FEW = 10
"""Places that ask again for each row that are listed without `--all`."""


def show(
    console: Console, shown: Shown, called: Called = CALLED, *, everything: bool = False
) -> None:
    """Print the survey; `everything` lists the views that are left, and all findings and problems.

    `called` is for what to do next.
    """
    _head(console, shown.surveyed, shown.rows)
    if not shown.rows:
        title(console, "No view was selected.")
    for verdict in VERDICTS:
        chosen = with_verdict(shown.rows, verdict)
        if chosen and (verdict != "leave" or everything):
            show_views(console, verdict, chosen)
        elif chosen:
            show_left(console, chosen)
    most = None if everything else MOST
    _row_by_row(console, row_by_row(shown.rows), None if everything else FEW)
    _findings(console, shown.findings, most)
    _problems(console, (*shown.problems, *_of_views(shown.rows)), most)
    show_next(console, shown, called)


def _head(console: Console, surveyed: Surveyed, rows: tuple[Row, ...]) -> None:
    project = surveyed.survey.project
    own = sum(row.is_own for row in rows)
    others = f" and {count(len(rows) - own)} of the admin and packages" if own < len(rows) else ""
    head = Text.assemble(
        (project.root.rpartition("/")[2], "bold"),
        f"  {plural(own, 'view')}{others}, {plural(surveyed.lines, 'line')} of Python, {_seconds(surveyed)}",
    )
    console.print(head, soft_wrap=True)
    dim(console, f"{project.settings}, Django {project.django}, Python {project.python}")
    dim(console, f"Times are a request's I/O, now → planned: {_basis(surveyed)}.")
    console.print()


def _seconds(surveyed: Surveyed) -> str:
    """`2.4 s`, `0.04 s`: a survey of what has not changed is soon done."""
    return f"{surveyed.seconds:.{2 if surveyed.seconds < 1 else 1}f} s"


def _basis(surveyed: Surveyed) -> str:
    """What the times rest on."""
    bases = {view.prediction.basis for view in surveyed.plan.views if view.prediction.before}
    if bases <= {"assumed"}:
        return "assumed, not measured"
    return "measured" if bases == {"measured"} else "partly measured"


def _row_by_row(console: Console, found: tuple[RowByRow, ...], most: int | None) -> None:
    if not found:
        return
    places = "1 place asks" if len(found) == 1 else f"{len(found)} places ask"
    title(console, f"N+1: {places} again for each row", "N+1")
    for one in found[:most]:
        views = plural(len(one.views), "view")
        names = Text(f"in {views}: {some(one.views, NAMES)}", style="dim")
        beside(console, "-", Text.assemble(f"{one.place}: {one.label}, ", names))
    more(console, len(found), most)


def _findings(console: Console, findings: tuple[Finding, ...], most: int | None) -> None:
    if not findings:
        return
    title(console, f"{plural(len(findings), 'finding')} in async code", "finding")
    for finding in findings[:most]:
        _coded(console, finding.code, f"{finding.place}: {finding.text}", finding.fix)
    more(console, len(findings), most)


def _problems(console: Console, problems: tuple[Problem, ...], most: int | None) -> None:
    """What could not be read, by code."""
    if not problems:
        return
    title(console, f"{plural(len(problems), 'problem')}: not read or not understood", "problem")
    for problem in sorted(problems, key=lambda one: one.code)[:most]:
        where = f"{problem.place}: " if problem.place else ""
        _coded(console, problem.code, f"{where}{problem.text}")
    more(console, len(problems), most)


def _coded(console: Console, code: str, text: str, fix: str = "") -> None:
    """A code and what stands beside it; what to do about it below."""
    told = Text(text)
    if fix:
        told.append(f"\n{fix}", style="dim")
    beside(console, code, told)


def _of_views(chosen: tuple[Row, ...]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem for row in chosen for problem in row.problems))
