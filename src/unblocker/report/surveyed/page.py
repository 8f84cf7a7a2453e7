"""A survey as one HTML page that needs nothing else: no network, no other file, no script to be read."""

import re
from dataclasses import dataclass

from unblocker.records.survey import Problem
from unblocker.report.codes import CodePage, code_page
from unblocker.report.surveyed.n_plus_1 import RowByRow, row_by_row
from unblocker.report.surveyed.rows import VERDICTS, Row, with_verdict
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.source import SourceLine, Sources
from unblocker.report.surveyed.wording import gain, predicted
from unblocker.report.templating import environment
from unblocker.report.waterfall import Waterfall, predicted_waterfall


@dataclass(frozen=True, slots=True)
class Section:
    """Everything that the page shows of one view; `anchor` is its id in the document."""

    row: Row
    anchor: str
    waterfall: Waterfall | None
    source: tuple[SourceLine, ...]

    @property
    def predicted(self) -> str:
        """`420 → 130 ms`."""
        return predicted(self.row.plan)

    @property
    def gain(self) -> str:
        """`3.2x`."""
        return gain(self.row.plan)


@dataclass(frozen=True, slots=True)
class Page:
    """What the template lays out.

    Attributes:
        own: the project's own views; others: those of the admin and of packages.
        row_by_row: what templates ask for again for each row.
        problems: what could not be read or understood, of files and of views.
        codes: the codes that the page mentions, with what the docs say; None where there is no page.
    """

    shown: Shown
    own: tuple[Section, ...]
    others: tuple[Row, ...]
    row_by_row: tuple[RowByRow, ...]
    problems: tuple[Problem, ...]
    codes: dict[str, CodePage | None]

    @property
    def name(self) -> str:
        """The project's."""
        return self.shown.surveyed.survey.project.root.rpartition("/")[2]

    @property
    def verdicts(self) -> dict[str, int]:
        """How many of the project's own views have each verdict."""
        rows = [section.row for section in self.own]
        return {verdict: len(with_verdict(rows, verdict)) for verdict in VERDICTS}

    @property
    def is_recorded(self) -> bool:
        """Whether it is known how often each view is requested."""
        return any(section.row.plan.traffic for section in self.own)


def render(shown: Shown) -> str:
    """The page as HTML text, to be written as UTF-8."""
    return environment().get_template("survey/page.html").render(page=_page(shown))


def _page(shown: Shown) -> Page:
    sources = Sources(shown.surveyed.survey)
    problems = (*shown.problems, *(problem for row in shown.rows for problem in row.problems))
    codes = {
        *(finding.code for finding in shown.findings),
        *(problem.code for problem in problems),
        *(code for row in shown.rows for code in row.codes),
        *(change.code for row in shown.rows for change in row.plan.accepted),
    }
    return Page(
        shown=shown,
        own=tuple(_section(row, sources) for row in shown.rows if row.is_own),
        others=tuple(row for row in shown.rows if not row.is_own),
        row_by_row=row_by_row(shown.rows),
        problems=tuple(dict.fromkeys(problems)),
        codes={code: code_page(code) for code in sorted(codes)},
    )


def _section(row: Row, sources: Sources) -> Section:
    changes = row.plan.verdict != "leave"
    return Section(
        row=row,
        anchor="view-" + re.sub(r"[^\w.-]", "-", row.view.id),
        waterfall=predicted_waterfall(row.plan.prediction) if changes else None,
        source=sources.excerpt(row.place, row.operations),
    )
