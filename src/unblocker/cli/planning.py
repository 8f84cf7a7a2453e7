"""The plan of a survey, as every command that needs one makes it."""

from collections.abc import Set

from unblocker.cli.consoles import Progress
from unblocker.cli.workspace import PLAN, RECORDING, Workspace
from unblocker.plan import make_plan
from unblocker.records.plan import Plan
from unblocker.records.recording import Recording
from unblocker.records.survey import Survey


def run_plan(
    workspace: Workspace,
    survey: Survey,
    progress: Progress,
    refused: Set[str] = frozenset(),
    unselected: Set[str] = frozenset(),
) -> Plan:
    """Plan from a survey, the project's configuration and its recording if there is one, and keep the record.

    The views in `refused` and in `unselected` stay as they are: see `make_plan`.
    """
    recording = workspace.load_if_there(RECORDING, Recording)
    made = make_plan(survey, workspace.config, progress, recording, refused, unselected)
    workspace.save(made, PLAN)
    return made
