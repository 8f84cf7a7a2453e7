"""`django-unblock bench`."""

import shutil
from collections.abc import Callable
from pathlib import Path

import click

from unblocker.cli.consoles import Progress, messages, output, progress_on
from unblocker.cli.laying import lay_converted, survey_staged
from unblocker.cli.staging import Staged, staged
from unblocker.cli.workspace import (
    MEASURED,
    MEASUREMENT,
    Workspace,
    open_workspace,
    project_argument,
    settings_option,
)
from unblocker.measure.bench import Bench, Effort
from unblocker.measure.run import measure
from unblocker.records.measurement import Measurement
from unblocker.report.terminal import show_measurement

QUICK = Effort(
    single_requests=2,
    many_clients=8,
    many_s=0.5,
    many_warmup_s=0.2,
    many_rounds=1,
    headline_s=0.5,
    headline_warmup_s=0.2,
    headline_settle_s=2.0,
)
"""Enough to see that everything answers, too little to quote."""


def quick_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--quick` option."""
    return click.option(
        "--quick",
        is_flag=True,
        help="Measure shortly and with few clients: for a look, not to quote.",
    )(command)


def run_measure(
    workspace: Workspace, stage: Staged, progress: Progress, *, quick: bool
) -> Measurement:
    """Measure and keep the record; logs and samples of an earlier run are replaced when all is measured."""
    folder, fresh = workspace.path(MEASURED), stage.folder / "measuring"
    shutil.rmtree(fresh, ignore_errors=True)
    measured = measure(stage.supervisor, bench_of(stage, quick=quick), fresh, progress)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    workspace.save(measured, MEASUREMENT)
    return measured


def bench_of(stage: Staged, *, quick: bool) -> Bench:
    """What to measure of a staged project, on fresh clones of its database."""
    return Bench(
        before=stage.app("before"),
        after=stage.app("after"),
        entries=stage.demo.bench,
        headline=stage.demo.headline,
        delays=stage.delays,
        effort=QUICK if quick else Effort(),
    )


@click.command()
@project_argument
@settings_option
@quick_option
def bench(project: Path, settings: str | None, quick: bool) -> None:
    """Measure the code before and after converting, on real servers and a real PostgreSQL."""
    workspace = open_workspace(project)
    with (
        progress_on(messages()) as status,
        staged(workspace, workspace.path("bench"), status.update) as stage,
    ):
        survey = survey_staged(workspace, stage, settings, status.update)
        lay_converted(workspace, stage, survey, status.update)
        measured = run_measure(workspace, stage, status.update, quick=quick)
    show_measurement(output(), measured)
