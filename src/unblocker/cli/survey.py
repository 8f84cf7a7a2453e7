"""`django-unblock survey`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import click

from unblocker.cli.consoles import Progress, messages, output, progress_on
from unblocker.cli.fail_on import Codes, codes_of_survey, fail_on, fail_on_option
from unblocker.cli.workspace import (
    SURVEY,
    Workspace,
    open_workspace,
    project_argument,
    settings_option,
)
from unblocker.records.codec import to_json
from unblocker.records.survey import Survey
from unblocker.report.terminal import show_survey
from unblocker.survey import survey_project


def run_survey(workspace: Workspace, settings: str | None, progress: Progress) -> Survey:
    """Survey the project and keep the record; what the project prints is no result and goes to standard error."""
    with no_bytecode(), redirect_stdout(sys.stderr):
        found = survey_project(workspace.root, settings or workspace.config.settings, progress)
    workspace.save(found, SURVEY)
    return found


@contextmanager
def no_bytecode() -> Iterator[None]:
    """Import the project without leaving `__pycache__` in its folders."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


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
