"""`django-unblock convert`."""

import sys
from pathlib import Path

import click

from unblocker.cli.consoles import Progress, messages, output, progress_on, remark
from unblocker.cli.git_tree import refuse_dirty
from unblocker.cli.interactive import ask_for_each
from unblocker.cli.planning import run_plan
from unblocker.cli.showing import show_diff
from unblocker.cli.survey import run_survey
from unblocker.cli.traffic_files import TrafficOf, traffic_options
from unblocker.cli.wanted import Wanted, wanted_options
from unblocker.cli.workspace import (
    CHANGESET,
    Workspace,
    open_workspace,
    project_argument,
    settings_option,
)
from unblocker.records.changeset import Changeset
from unblocker.records.plan import Plan
from unblocker.report.figures import plural
from unblocker.rewrite import rewrite
from unblocker.rewrite.apply import apply


def run_rewrite(workspace: Workspace, plan: Plan, progress: Progress) -> Changeset:
    """Rewrite by a plan and keep the changeset; nothing in the project is changed."""
    changeset = rewrite(plan, workspace.root, progress)
    workspace.save(changeset, CHANGESET)
    return changeset


@click.command()
@project_argument
@settings_option
@click.option("--write", is_flag=True, help="Write the changes; without it the diff is shown.")
@click.option("--interactive", is_flag=True, help="Show each view's changes, and ask about them.")
@click.option("--verified", is_flag=True, help="Only the views that `verify` finds to be the same.")
@click.option("--allow-dirty", is_flag=True, help="Write beside changes that git does not have.")
@wanted_options
@traffic_options
def convert(
    project: Path,
    settings: str | None,
    traffic_in: TrafficOf,
    wanted: Wanted,
    *,
    write: bool,
    interactive: bool,
    verified: bool,
    allow_dirty: bool,
) -> None:
    """Rewrite the views that gain; shows a diff, and writes it only with --write."""
    if verified and interactive:
        raise click.UsageError("--verified asks nobody: leave out --interactive")
    workspace = open_workspace(project, settings)
    if write and not allow_dirty:
        refuse_dirty(workspace.root)
    if verified:
        # Here: it needs packages that converting alone can do without.
        from unblocker.cli.verified import run_verified

        sys.exit(run_verified(workspace, settings, traffic_in(workspace), wanted, write=write))
    made = plan_wanted(workspace, settings, wanted, interactive=interactive)
    with progress_on(messages()) as status:
        changeset = run_rewrite(workspace, made, status.update)
    show_diff(output(), changeset)
    show_remarks(made, changeset)
    carry_out(workspace, changeset, write=write)


def plan_wanted(
    workspace: Workspace, settings: str | None, wanted: Wanted, *, interactive: bool
) -> Plan:
    """The plan that converts what is asked for, and nothing else."""
    with progress_on(messages()) as status:
        survey = run_survey(workspace, settings, status.update)
        made = run_plan(workspace, survey, status.update)
        left = wanted.unselected(survey, made)
        if left:
            made = run_plan(workspace, survey, status.update, unselected=left)
    if interactive:
        left = ask_for_each(workspace, survey, made, left)
        made = run_plan(workspace, survey, lambda _: None, unselected=left)
    return made


def carry_out(workspace: Workspace, changeset: Changeset, *, write: bool) -> None:
    """Write the changes if they are to be written, and say what was done."""
    if changeset.files and not changeset.views:
        remark("No view is to be converted: this only sets the project up for the runtime.")
    if not changeset.files:
        remark("Nothing to convert.")
    elif write:
        apply(changeset, workspace.root)
        remark(
            f"{plural(len(changeset.files), 'file')} written; `django-unblock undo` takes it back."
        )
    else:
        remark("Nothing written; --write writes it.")


def show_remarks(plan: Plan, changeset: Changeset) -> None:
    """Print the deliberate changes of behaviour (rule 9) and what could not be rewritten."""
    for view in plan.views:
        if view.view in changeset.views:
            for change in view.accepted:
                remark(f"{change.code} {change.place}: {change.text}")
    for problem in changeset.problems:
        where = f"{problem.place}: " if problem.place else ""
        remark(f"{problem.code} {where}{problem.text}")
