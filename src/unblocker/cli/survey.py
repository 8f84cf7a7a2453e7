"""`django-unblock survey`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from time import monotonic

import click

from unblocker.cache import Request, cached
from unblocker.cli.consoles import Progress, progress_unless, quiet_option
from unblocker.cli.delivering import Delivery, delivery_options
from unblocker.cli.fail_on import Codes, codes_shown, fail_on, fail_on_option
from unblocker.cli.lint_choice import check_choice, with_chosen_findings
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


def run_survey(
    workspace: Workspace,
    settings: str | None,
    progress: Progress,
    *,
    anew: bool = False,
    source_alone: bool = False,
) -> Survey:
    """Survey the project and keep the record; what the project prints is no result and goes to standard error."""
    check_choice(workspace.config.lint)
    chosen_settings = settings or workspace.config.settings

    def make() -> Survey:
        from unblocker.survey import survey_project, survey_source

        survey = survey_source if source_alone else survey_project
        with no_bytecode(), arguments_of(workspace.root), redirect_stdout(sys.stderr):
            return survey(workspace.root, chosen_settings, progress)

    request = Request(workspace.root, chosen_settings, source_alone)
    found, was_kept = cached(workspace.folder / "cache", request, make, anew=anew)
    if not was_kept or not workspace.path(SURVEY).exists():
        workspace.save(found, SURVEY)
    return with_chosen_findings(found, workspace.config.lint)


@contextmanager
def no_bytecode() -> Iterator[None]:
    """Import the project without leaving `__pycache__` in its folders."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@contextmanager
def arguments_of(root: Path) -> Iterator[None]:
    """Import the project as `manage.py check` does: settings that look at the arguments see those."""
    before = sys.argv
    sys.argv = [str(root / "manage.py"), "check"]
    try:
        yield
    finally:
        sys.argv = before


def no_cache_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--no-cache` option."""
    text = "Read everything again, also where nothing has changed."
    return click.option("--no-cache", "anew", is_flag=True, help=text)(command)


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
@click.option(
    "--static",
    "source_alone",
    is_flag=True,
    help="Read the source alone: nothing of the project is run. Less is found out, and what is lost is told.",
)
@no_cache_option
@quiet_option
def survey(
    project: Path,
    settings: str | None,
    delivery: Delivery,
    selection: Selection,
    fail_on_codes: Codes,
    view: str | None,
    *,
    source_alone: bool,
    anew: bool,
    quiet: bool,
) -> None:
    """List every view with what it does, whether to convert it, and what it would gain; changes nothing."""
    workspace = open_workspace(project, settings)
    if view is not None:
        # Here, and in `run_survey`: what reads a project imports Django, which a survey that was kept can do without.
        from unblocker.cli.accounts import check_form, explain_view

        check_form(delivery)
        surveyed = run_both(workspace, settings, anew=anew, source_alone=source_alone, quiet=quiet)
        explain_view(workspace, settings, surveyed, view, delivery)
        return
    shown = chosen(
        run_both(workspace, settings, anew=anew, source_alone=source_alone, quiet=quiet), selection
    )
    delivery.deliver(shown)
    fail_on(fail_on_codes, codes_shown(shown))


def run_both(
    workspace: Workspace,
    settings: str | None,
    *,
    anew: bool = False,
    source_alone: bool = False,
    quiet: bool,
) -> Surveyed:
    """Survey and plan, and how long both took."""
    started = monotonic()
    with progress_unless(quiet=quiet) as progress:
        found = run_survey(workspace, settings, progress, anew=anew, source_alone=source_alone)
        made = run_plan(workspace, found, progress)
    return Surveyed(found, made, monotonic() - started)
