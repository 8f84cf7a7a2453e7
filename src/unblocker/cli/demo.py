"""`django-unblock demo`: the whole loop on one real project, from its synchronous code to a report."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import click
import msgspec
from rich.console import Console

from unblocker.cli.bench import quick_option, run_measure
from unblocker.cli.consoles import Progress, messages, output, remark
from unblocker.cli.example import find_example
from unblocker.cli.laying import lay_converted, survey_staged
from unblocker.cli.proof import USUAL, prove
from unblocker.cli.report import PAGE, gather_report, write_page
from unblocker.cli.staging import SEEDED, Staged, staged
from unblocker.cli.traffic_files import traffic_of
from unblocker.cli.verdict import failures_of
from unblocker.cli.workspace import (
    EVIDENCE,
    FOLDER,
    Workspace,
    open_workspace,
)
from unblocker.config import Config, Costs, Demo
from unblocker.records.measurement import Side
from unblocker.records.plan import Plan
from unblocker.records.report import Report, SuiteRun
from unblocker.records.survey import Survey
from unblocker.report.terminal import show_report

# People wait for a demo.
TRIALS = replace(USUAL, seconds=90)


@dataclass(frozen=True, slots=True)
class Steps:
    """Says on the terminal which step runs and how long each took."""

    console: Console

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        """One step; yields the callback for its progress."""
        started = monotonic()
        with self.console.status(title) as status:
            yield lambda text: status.update(f"{title}: {text}")
        self.console.print(f"{monotonic() - started:6.1f} s  {title}", highlight=False)


@click.command()
@click.argument(
    "project", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@quick_option
def demo(project: Path | None, quick: bool) -> None:
    """Convert a sample project, prove and measure the result, and write the report."""
    folder = Path.cwd() / FOLDER / "demo"
    workspace = in_folder(open_workspace(project or find_example()), folder)
    steps = Steps(messages())
    with steps.step("whole demo"):
        report = run(workspace, steps, quick=quick)
    show_report(output(), report)
    write_page(report, workspace.path(PAGE))
    failures = failures_of(report)
    for failure in failures:
        remark(f"failed: {failure}")
    sys.exit(1 if failures else 0)


def in_folder(workspace: Workspace, folder: Path) -> Workspace:
    """The workspace with its state in `folder`, and the cost model set to the demo's delays."""
    config = workspace.config
    if config.demo:
        config = msgspec.structs.replace(config, costs=costs_of(config, config.demo))
    return Workspace(workspace.root, config, folder)


def costs_of(config: Config, demo: Demo) -> Costs:
    """The cost model with the delays that the demo puts in; what it does not delay stays as configured."""
    return msgspec.structs.replace(
        config.costs,
        query=demo.database_delay_ms or config.costs.query,
        http=demo.upstream_delay_ms or config.costs.http,
        mail=demo.smtp_delay_ms or config.costs.mail,
    )


def run(workspace: Workspace, steps: Steps, *, quick: bool) -> Report:
    """Every stage in turn, over the same services."""
    traffic = traffic_of(workspace)
    with ExitStack() as stack:
        with steps.step("start services, seed data") as progress:
            stage = stack.enter_context(staged(workspace, workspace.folder, progress))
        suites = [suite(stage, "before", steps)]
        survey, plan = convert(workspace, stage, steps)
        suites.append(suite(stage, "after", steps))
        with steps.step("verify") as progress:
            workspace.save(prove(stage, traffic, survey, plan, progress, TRIALS), EVIDENCE)
        with steps.step("measure") as progress:
            run_measure(workspace, stage, progress, quick=quick)
    return gather_report(workspace, tuple(suites))


def convert(workspace: Workspace, stage: Staged, steps: Steps) -> tuple[Survey, Plan]:
    """Survey, plan and rewrite; the converted code is laid beside the old."""
    with steps.step("survey, plan, rewrite") as progress:
        survey = survey_staged(workspace, stage, None, progress)
        plan, _ = lay_converted(workspace, stage, survey, progress)
    return survey, plan


def suite(stage: Staged, side: Side, steps: Steps) -> SuiteRun:
    """The project's own tests on one side."""
    with steps.step(f"the project's own tests, {side}"):
        return stage.management(side, SEEDED).suite(stage.demo.test, side)
