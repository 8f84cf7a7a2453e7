"""`django-unblock bench`."""

from pathlib import Path

import click

from unblocker.cli.consoles import messages, output, progress_on
from unblocker.cli.stages import run_plan, run_rewrite, run_survey
from unblocker.cli.staging import SEEDED, Staged, environment, staged
from unblocker.cli.workspace import MEASUREMENT, open_workspace, project_argument, settings_option
from unblocker.measure.bench import Bench
from unblocker.report.terminal import show_measurement


def bench_of(stage: Staged) -> Bench:
    """What to measure of a staged project, on fresh clones of its database."""
    return Bench(
        before=stage.app("before"),
        after=stage.app("after"),
        entries=stage.demo.bench,
        headline=stage.demo.headline,
        delays=stage.delays,
    )


@click.command()
@project_argument
@settings_option
def bench(project: Path, settings: str | None) -> None:
    """Measure the code before and after converting, on real servers and a real PostgreSQL."""
    from unblocker.measure.run import measure

    workspace = open_workspace(project)
    with (
        progress_on(messages()) as status,
        staged(workspace, workspace.path("bench"), status.update) as stage,
    ):
        with environment(stage.environment(SEEDED, near=True)):
            survey = run_survey(workspace, settings, status.update)
        plan = run_plan(workspace, survey, status.update)
        stage.lay_after(workspace.root, run_rewrite(workspace, plan, status.update))
        folder = stage.folder / "measurement"
        measured = measure(stage.supervisor, bench_of(stage), folder, status.update)
        workspace.save(measured, MEASUREMENT)
    show_measurement(output(), measured)
