"""`django-unblock survey`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from time import monotonic

import click

from unblocker.cli.accounts import check_form, explain_view
from unblocker.cli.consoles import Progress, progress_unless, quiet_option
from unblocker.cli.delivering import Delivery, delivery_options
from unblocker.cli.fail_on import Codes, codes_shown, fail_on, fail_on_option
from unblocker.cli.planning import run_plan
from unblocker.cli.selecting import chosen, selection_options
from unblocker.cli.workspace import (
    SURVEY,
    Workspace,
    open_workspace,
    project_argument,
    settings_option,
)
from unblocker.records.report import Surveyed
from unblocker.records.survey import Survey
from unblocker.report.surveyed.selection import Selection
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
@delivery_options
@selection_options
@fail_on_option
@click.option(
    "--explain",
    "view",
    metavar="VIEW",
    help="Show how what is said of one view was concluded: its name, dotted path, route's name or URL path.",
)
@quiet_option
def survey(
    project: Path,
    settings: str | None,
    delivery: Delivery,
    selection: Selection,
    fail_on_codes: Codes,
    view: str | None,
    *,
    quiet: bool,
) -> None:
    """List every view with what it does, whether to convert it, and what it would gain; changes nothing."""
    workspace = open_workspace(project)
    if view is not None:
        check_form(delivery)
        explain_view(
            workspace, settings, run_both(workspace, settings, quiet=quiet), view, delivery
        )
        return
    shown = chosen(run_both(workspace, settings, quiet=quiet), selection)
    delivery.deliver(shown)
    fail_on(fail_on_codes, codes_shown(shown))


def run_both(workspace: Workspace, settings: str | None, *, quiet: bool) -> Surveyed:
    """Survey and plan, and how long both took."""
    started = monotonic()
    with progress_unless(quiet=quiet) as progress:
        found = run_survey(workspace, settings, progress)
        made = run_plan(workspace, found, progress)
    return Surveyed(found, made, monotonic() - started)
