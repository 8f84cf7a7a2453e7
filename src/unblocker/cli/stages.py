"""Survey, plan and rewrite in a row, each stage's record kept."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from unblocker.cli.consoles import Progress
from unblocker.cli.workspace import CHANGESET, PLAN, SURVEY, Workspace
from unblocker.plan import make_plan
from unblocker.records.changeset import Changeset
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.rewrite import rewrite
from unblocker.survey import survey_project


def run_survey(workspace: Workspace, settings: str | None, progress: Progress) -> Survey:
    """Survey the project."""
    with no_bytecode():
        survey = survey_project(workspace.root, settings or workspace.config.settings, progress)
    workspace.save(survey, SURVEY)
    return survey


def run_plan(workspace: Workspace, survey: Survey, progress: Progress) -> Plan:
    """Plan from a survey, with the project's configuration."""
    plan = make_plan(survey, workspace.config, progress)
    workspace.save(plan, PLAN)
    return plan


def run_rewrite(workspace: Workspace, plan: Plan, progress: Progress) -> Changeset:
    """Rewrite by a plan; nothing in the project is changed."""
    changeset = rewrite(plan, workspace.root, progress)
    workspace.save(changeset, CHANGESET)
    return changeset


@contextmanager
def no_bytecode() -> Iterator[None]:
    """Import the project without leaving `__pycache__` in its folders."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
