"""`django-unblock plan`."""

from pathlib import Path

import click

from unblocker.cli.consoles import messages, output, progress_on
from unblocker.cli.fail_on import Codes, codes_of_plan, codes_of_survey, fail_on, fail_on_option
from unblocker.cli.planning import run_plan
from unblocker.cli.survey import run_survey
from unblocker.cli.workspace import open_workspace, project_argument, settings_option
from unblocker.records.codec import to_json
from unblocker.records.report import Surveyed
from unblocker.report.surveyed.sarif import sarif
from unblocker.report.surveyed.selection import Selection, select
from unblocker.report.terminal import show_plan


@click.command()
@project_argument
@settings_option
@click.option("--format", "form", type=click.Choice(["table", "json", "sarif"]), default="table")
@fail_on_option
def plan(project: Path, settings: str | None, form: str, fail_on_codes: Codes) -> None:
    """Say per view whether to convert, bridge or leave it, why, and the predicted gain."""
    workspace = open_workspace(project, settings)
    with progress_on(messages()) as status:
        survey = run_survey(workspace, settings, status.update)
        made = run_plan(workspace, survey, status.update)
    match form:
        case "json":
            click.echo(to_json(made), nl=False)
        case "sarif":
            click.echo(sarif(select(Surveyed(survey, made, 0.0), Selection())), nl=False)
        case _:
            show_plan(output(), made)
    fail_on(fail_on_codes, (*codes_of_survey(survey), *codes_of_plan(made)))
