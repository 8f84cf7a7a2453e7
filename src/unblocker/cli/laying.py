"""A staged project is surveyed on its seeded database, and its converted code is laid beside the old."""

from collections.abc import Set

from unblocker.cli.consoles import Progress
from unblocker.cli.convert import run_rewrite
from unblocker.cli.planning import run_plan
from unblocker.cli.staging import SEEDED, Staged, environment
from unblocker.cli.survey import run_survey
from unblocker.cli.workspace import Workspace
from unblocker.records.changeset import Changeset
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey


def survey_staged(
    workspace: Workspace, stage: Staged, settings: str | None, progress: Progress
) -> Survey:
    """Survey with what the project is told of the stage's services."""
    with environment(stage.environment(SEEDED, near=True)):
        return run_survey(workspace, settings, progress)


def lay_converted(
    workspace: Workspace,
    stage: Staged,
    survey: Survey,
    progress: Progress,
    refused: Set[str] = frozenset(),
    unselected: Set[str] = frozenset(),
) -> tuple[Plan, Changeset]:
    """Plan and rewrite; the stage's `after` is then what came of it. For the views that stay, see `make_plan`."""
    plan = run_plan(workspace, survey, progress, refused, unselected)
    changeset = run_rewrite(workspace, plan, progress)
    stage.lay_after(workspace.root, changeset)
    return plan, changeset
