"""The plan of a survey, as every command that needs one makes it."""

from unblocker.cli.consoles import Progress
from unblocker.cli.workspace import PLAN, Workspace
from unblocker.plan import make_plan
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey


def run_plan(workspace: Workspace, survey: Survey, progress: Progress) -> Plan:
    """Plan from a survey with the project's configuration, and keep the record."""
    made = make_plan(survey, workspace.config, progress)
    workspace.save(made, PLAN)
    return made
