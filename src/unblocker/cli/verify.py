"""`django-unblock verify`."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from unblocker.cli.consoles import messages, output, progress_on
from unblocker.cli.laying import lay_converted, survey_staged
from unblocker.cli.proof import USUAL, nothing_compared, prove
from unblocker.cli.staging import staged
from unblocker.cli.traffic_files import TrafficOf, traffic_options
from unblocker.cli.workspace import EVIDENCE, open_workspace, project_argument, settings_option
from unblocker.records.codec import to_json
from unblocker.report.annotated import annotated
from unblocker.report.terminal import show_evidence
from unblocker.verify import Effort


@click.command()
@project_argument
@settings_option
@traffic_options
@click.option(
    "--schedules",
    type=click.IntRange(min=0),
    default=USUAL.schedules,
    show_default=True,
    help="Orders of completion to try per kind of request to a converted view.",
)
@click.option(
    "--faults/--no-faults",
    default=USUAL.faults,
    show_default=True,
    help="Have each of its operations fail in turn.",
)
@click.option(
    "--departures",
    type=click.IntRange(min=0),
    default=USUAL.departures,
    show_default=True,
    help="Operations after which the client leaves.",
)
@click.option("--seconds", type=click.FloatRange(min=0), help="Make no more trials after this.")
@click.option("--format", "form", type=click.Choice(["table", "json", "github"]), default="table")
def verify(
    project: Path, settings: str | None, traffic_in: TrafficOf, form: str, **effort: Any
) -> None:
    """Replay requests on the code before and after converting; report every difference."""
    workspace = open_workspace(project)
    traffic = traffic_in(workspace)
    with (
        progress_on(messages()) as status,
        staged(workspace, workspace.path("verify"), status.update) as stage,
    ):
        survey = survey_staged(workspace, stage, settings, status.update)
        plan, _ = lay_converted(workspace, stage, survey, status.update)
        evidence = prove(stage, traffic, survey, plan, status.update, Effort(**effort))
        workspace.save(evidence, EVIDENCE)
    match form:
        case "json":
            click.echo(to_json(evidence), nl=False)
        case "github":
            checkout = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
            click.echo(
                annotated(evidence, survey.views, workspace.root.resolve(), checkout), nl=False
            )
        case _:
            show_evidence(output(), evidence)
    if not evidence.has_compared:
        raise nothing_compared(evidence)
    sys.exit(1 if evidence.differences else 0)
