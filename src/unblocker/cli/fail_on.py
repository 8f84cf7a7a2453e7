"""The `--fail-on` option: an exit status for CI where one of these codes is found."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

import click

from unblocker.cli.consoles import remark
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.report.codes import code_page
from unblocker.report.surveyed.selection import Shown

type Codes = frozenset[str]

FOUND = 1


def read_codes(_ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> Codes:
    """The codes in lists with commas between them; a usage error where one has no page: nothing would fail on it."""
    codes = frozenset(code.strip() for text in texts for code in text.split(",") if code.strip())
    for code in sorted(codes):
        if code_page(code) is None:
            raise click.BadParameter(f"there is no code {code}")
    return codes


def fail_on_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--fail-on` option."""
    return click.option(
        "--fail-on",
        "fail_on_codes",
        callback=read_codes,
        multiple=True,
        metavar="CODES",
        help="End with status 1 where one of these codes (U101,U102) is found; repeatable.",
    )(command)


def fail_on(wanted: Codes, found: Iterable[str]) -> None:
    """Leave with status 1, naming the codes, if some of those wanted were found."""
    if hit := wanted.intersection(found):
        remark(f"Found: {', '.join(sorted(hit))}.")
        raise SystemExit(FOUND)


def codes_of_survey(survey: Survey) -> Iterator[str]:
    """The codes of the findings, and of what could not be read or understood."""
    yield from (finding.code for finding in survey.findings)
    yield from (problem.code for problem in survey.problems)
    for view in survey.views:
        yield from (problem.code for problem in view.problems)


def codes_shown(shown: Shown) -> Iterator[str]:
    """The codes of the findings, of what could not be read, and of the verdicts on the project's own views."""
    yield from (finding.code for finding in shown.findings)
    yield from (problem.code for problem in shown.problems)
    for row in shown.rows:
        if row.is_own:
            yield from row.codes
            yield from (problem.code for problem in row.problems)
            yield from (change.code for change in row.plan.accepted)


def codes_of_plan(plan: Plan) -> Iterator[str]:
    """The codes of the reasons and announced changes of the project's own views."""
    for view in plan.views:
        if view.place and not PurePosixPath(view.place.file).is_absolute():
            yield from (reason.code for reason in view.reasons)
            yield from (change.code for change in view.accepted)
