"""What to do after a survey, as lines to be typed."""

from dataclasses import dataclass
from shlex import quote

from rich.console import Console
from rich.text import Text

from unblocker.report.surveyed.lines import title
from unblocker.report.surveyed.selection import Shown

_WHAT = len("list the views that are left, too") + 3


@dataclass(frozen=True, slots=True)
class Called:
    """How the user called the tool, and on which project with which settings, where those were named."""

    command: str = "django-unblock"
    project: str = ""
    settings: str = ""

    def again(self, verb: str, options: str = "") -> str:
        """The line that calls it with another command or other options."""
        settings = f"--settings {quote(self.settings)}" if self.settings else ""
        parts = (self.command, verb, self.project, settings, options)
        return " ".join(part for part in parts if part)


CALLED = Called()


def show_next(console: Console, shown: Shown, called: Called) -> None:
    """Print what fits the survey: explain, list, write a page, convert."""
    steps: dict[str, str] = {}
    if shown.rows:
        first = next((row for row in shown.rows if row.is_own), shown.rows[0])
        explain = called.again("survey", f"--explain {quote(first.name)}")
        steps[explain] = "how this was concluded"
    if any(row.plan.verdict == "leave" for row in shown.rows):
        steps[called.again("survey", "--all")] = "list the views that are left, too"
    steps[called.again("survey", "--format html --output survey.html")] = "all of it as a page"
    if any(row.plan.verdict == "convert" for row in shown.rows):
        steps[called.again("convert")] = "show the new code; writes nothing"
    title(console, "Next")
    longest = max(map(len, steps))
    for step, what in steps.items():
        beside = console.width > longest + _WHAT
        gap = " " * (longest - len(step) + 2) if beside else "\n    "
        console.print(Text.assemble(step, gap, (what, "dim")), soft_wrap=True)
