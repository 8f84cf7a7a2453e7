"""The table of the mutants, for the terminal and for the documentation's page."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tools.docs_page import Marks, write_between
from tools.environments import ROOT
from tools.markdown_table import markdown_table
from tools.verify_mutants.run import Caught, Right

PAGE = ROOT / "docs" / "verify-mutants.md"
CAUGHT = Marks("<!-- caught -->", "<!-- end of caught -->")
HONEST = Marks("<!-- honest -->", "<!-- end of honest -->")
_HEAD = ("mutant", "what is wrong", "found by", "shown by", "trial")
_RIGHT_HEAD = (
    "right conversion",
    "views",
    "requests",
    "schedules",
    "faults",
    "departures",
    "seconds",
    "accused",
)
_WIDEST = 70


def lines(caught: Sequence[Caught]) -> list[str]:
    """A table: each mutant, what it was found by, and the request that shows it."""
    return markdown_table(_HEAD, map(_row, caught))


def right_lines(right: Sequence[Right]) -> list[str]:
    """A table: each right conversion, what it was put to, and how many of its views were accused."""
    return markdown_table(_RIGHT_HEAD, map(_right_row, right))


def total(caught: Sequence[Caught]) -> str:
    """`95/95 caught`."""
    return f"{sum(one.is_caught for one in caught)}/{len(caught)} caught"


def failures(caught: Sequence[Caught], right: Sequence[Right]) -> list[str]:
    """A line for each mutant that was missed, and for each right view that was accused."""
    missed = [
        f"Missed: {one.mutant.name} (expected {_expected(one)}; {_found(one)})"
        for one in caught
        if not one.is_caught
    ]
    accused = [
        f"Accused: {one.name} {view.view}, {difference.code} {difference.text}"
        f" ({difference.request}{_under(difference.trial)})"
        for one in right
        for view in one.accused
        for difference in view.differences
    ]
    unsteady = [
        f"Not deterministic: {one.name} {view.view}, {exclusion.text} ({exclusion.request})"
        for one in right
        for view in one.accused
        for exclusion in view.exclusions
    ]
    return [*missed, *accused, *unsteady]


def write_caught(caught: Sequence[Caught], right: Sequence[Right]) -> None:
    """Put what was found of the mutants, with today's date, into the documentation's page."""
    _write(CAUGHT, f"{total(caught)}.", [*lines(caught), "", *right_lines(right)])


def write_honest(right: Sequence[Right], schedules: int) -> None:
    """Put what was found of right conversions, with today's date, into the documentation's page."""
    accused = sum(len(one.accused) for one in right)
    told = f"{schedules} schedules for each kind of request; {accused} views accused."
    _write(HONEST, told, right_lines(right))


def _write(marks: Marks, told: str, table: Sequence[str]) -> None:
    today = datetime.now(tz=UTC).date()
    write_between(PAGE, marks, [f"Measured on {today}: {told}", "", *table])


def _row(one: Caught) -> tuple[str, ...]:
    shown = one.shown_by
    if shown is None:
        return (one.mutant.name, one.mutant.about, "nothing", "", "")
    codes = " ".join(sorted({each.code for each in one.evidence.differences}))
    request = f"{shown.request.method} {shown.request.path.removeprefix(f'/{one.mutant.name}')}"
    return (
        one.mutant.name,
        one.mutant.about,
        codes,
        f"{request} as {shown.request.as_user or 'anonymous'}",
        _cut(shown.trial),
    )


def _right_row(one: Right) -> tuple[str, ...]:
    trials = one.evidence.trials
    counts = (len(one.evidence.views), one.evidence.requests)
    tried = (trials.schedules, trials.faults, trials.departures)
    told = (*counts, *tried, round(one.evidence.seconds), len(one.accused))
    return (one.name, *map(str, told))


def _expected(one: Caught) -> str:
    codes = " ".join(sorted(one.mutant.shows))
    return f"{codes} under a {one.mutant.trial}" if one.mutant.trial else codes


def _found(one: Caught) -> str:
    found = [f"{each.code}{_under(each.trial)}" for each in one.evidence.differences]
    exclusions = [each.text for each in one.evidence.exclusions]
    return f"found {'; '.join(found) or 'nothing'}, {one.evidence.requests} requests" + (
        f", left out: {'; '.join(exclusions)}" if exclusions else ""
    )


def _under(trial: str) -> str:
    return f", {_cut(trial)}" if trial else ""


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
