"""The report as one HTML page that needs nothing else: no network, no other file."""

from dataclasses import dataclass

from unblocker.records.measurement import Run
from unblocker.records.report import Report
from unblocker.report.codes import CodePage, code_page
from unblocker.report.diffs import FileDiff, file_diff
from unblocker.report.mentioned import codes_in
from unblocker.report.pairs import median, rivals
from unblocker.report.sections import Section, sections
from unblocker.report.templating import environment


@dataclass(frozen=True, slots=True)
class Page:
    """What the template lays out.

    Attributes:
        own: the project's own views; others: those of the admin and of packages.
        headline: the section of the view that was also measured on the rivals.
        rivals: its runs on every server with the most clients, slowest first.
        codes: the codes that the page mentions, with what the docs say; None where there is no page.
        slowest_ms: the longest median with one client, for the bars in the table.
    """

    report: Report
    own: tuple[Section, ...]
    others: tuple[Section, ...]
    headline: Section | None
    rivals: tuple[Run, ...]
    diffs: tuple[FileDiff, ...]
    codes: dict[str, CodePage | None]
    slowest_ms: float

    @property
    def differences(self) -> int:
        """How many differences verify found."""
        return self.report.evidence.differences if self.report.evidence else 0

    @property
    def planned(self) -> int:
        """How many of the project's own views the plan decided on."""
        return sum(section.row.verdict is not None for section in self.own)

    @property
    def converted(self) -> int:
        """How many of the project's own views are converted."""
        return sum(section.row.verdict == "convert" for section in self.own)


def render(report: Report) -> str:
    """The page as HTML text, to be written as UTF-8."""
    return environment().get_template("page.html").render(page=_page(report))


def _page(report: Report) -> Page:
    everything = sections(report)
    runs = rivals(report.measurement) if report.measurement else ()
    medians = [
        median(run) or 0
        for section in everything
        if section.row.alone
        for run in (section.row.alone.before, section.row.alone.after)
    ]
    return Page(
        report=report,
        own=tuple(section for section in everything if section.row.is_own),
        others=tuple(section for section in everything if not section.row.is_own),
        headline=next(
            (section for section in everything if runs and section.row.measured_as == runs[0].view),
            None,
        ),
        rivals=runs,
        diffs=tuple(file_diff(change) for change in report.changeset.files)
        if report.changeset
        else (),
        codes={code: code_page(code) for code in codes_in(report)},
        slowest_ms=max(medians, default=0) or 1,
    )
