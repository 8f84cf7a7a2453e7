"""`django-unblock report`, and the page that it and `demo` write."""

from datetime import datetime
from pathlib import Path

import click

from unblocker.cli.consoles import messages, output
from unblocker.cli.workspace import (
    CHANGESET,
    EVIDENCE,
    MEASUREMENT,
    PLAN,
    SURVEY,
    Workspace,
    open_workspace,
    project_argument,
)
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Evidence
from unblocker.records.measurement import Measurement
from unblocker.records.plan import Plan
from unblocker.records.report import Report, SampleSet, SuiteRun
from unblocker.records.survey import Survey
from unblocker.report.page import render
from unblocker.report.samples import read_samples
from unblocker.report.terminal import show_report

PAGE = "report.html"


def gather_report(
    workspace: Workspace, measured_in: Path, suites: tuple[SuiteRun, ...] = ()
) -> Report:
    """The report on what the stages have kept; `measured_in` holds the raw samples."""
    measurement = workspace.load_if_there(MEASUREMENT, Measurement)
    samples: tuple[SampleSet, ...] = ()
    if measurement and measured_in.is_dir():
        samples = read_samples(measurement, measured_in)
    return Report(
        title=workspace.root.name,
        made_at=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        survey=workspace.load_if_there(SURVEY, Survey),
        plan=workspace.load(PLAN, Plan),
        changeset=workspace.load_if_there(CHANGESET, Changeset),
        evidence=workspace.load_if_there(EVIDENCE, Evidence),
        measurement=measurement,
        suites=suites,
        samples=samples,
    )


def write_page(report: Report, path: Path) -> Path:
    """Write the report as one page that opens from disk."""
    path.write_text(render(report), encoding="utf-8")
    return path


@click.command()
@project_argument
def report(project: Path) -> None:
    """Write what the stages found as one HTML page, and show it as a table."""
    workspace = open_workspace(project)
    made = gather_report(workspace, workspace.path("bench") / "measurement")
    page = write_page(made, workspace.path(PAGE))
    show_report(output(), made)
    messages().print(f"Report: {page}", soft_wrap=True)
