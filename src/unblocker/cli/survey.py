"""`django-unblock survey`."""

from pathlib import Path

import click

from unblocker.cli.consoles import messages, output, progress_on
from unblocker.cli.fail_on import Codes, codes_of_survey, fail_on, fail_on_option
from unblocker.cli.stages import run_survey
from unblocker.cli.workspace import open_workspace, project_argument, settings_option
from unblocker.records.codec import to_json
from unblocker.report.terminal import show_survey


@click.command()
@project_argument
@settings_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@fail_on_option
def survey(project: Path, settings: str | None, form: str, fail_on_codes: Codes) -> None:
    """List every view with the I/O it does; changes nothing."""
    workspace = open_workspace(project)
    with progress_on(messages()) as status:
        found = run_survey(workspace, settings, status.update)
    if form == "json":
        click.echo(to_json(found), nl=False)
    else:
        show_survey(output(), found)
    fail_on(fail_on_codes, codes_of_survey(found))
