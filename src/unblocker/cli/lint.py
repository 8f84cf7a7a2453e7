"""`django-unblock lint`."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from unblocker.cli.consoles import progress_unless, quiet_option, remark
from unblocker.cli.fail_on import FOUND, Codes, fail_on, fail_on_option
from unblocker.cli.survey import run_survey
from unblocker.cli.workspace import open_workspace, project_argument, settings_option
from unblocker.records.report import Linted
from unblocker.records.survey import Survey
from unblocker.report.findings import FORMATS, findings_text

NOT_IMPORTED = "U339"


@click.command()
@project_argument
@settings_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@fail_on_option
@quiet_option
def lint(
    project: Path, settings: str | None, form: str, fail_on_codes: Codes, *, quiet: bool
) -> None:
    """Find what fails, blocks or gains nothing in code that is asynchronous already.

    The exit status is 1 if there is a finding, or, with --fail-on, one of those codes.
    """
    workspace = open_workspace(project, settings)
    with progress_unless(quiet=quiet) as progress:
        linted = linted_of(run_survey(workspace, settings, progress))
    checkout = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
    click.echo(findings_text(form, linted, Path(checkout)), nl=False)
    for problem in linted.problems:
        remark(f"{problem.code} {problem.text}")
    if fail_on_codes:
        fail_on(fail_on_codes, codes_in(linted))
    elif linted.findings:
        raise SystemExit(FOUND)


def linted_of(survey: Survey) -> Linted:
    """What the linter found in a surveyed project."""
    problems = tuple(one for one in survey.problems if one.code == NOT_IMPORTED)
    return Linted(survey.project.root, survey.findings, problems)


def codes_in(linted: Linted) -> Iterator[str]:
    """The codes of the findings, and of what could not be imported."""
    yield from (finding.code for finding in linted.findings)
    yield from (problem.code for problem in linted.problems)
