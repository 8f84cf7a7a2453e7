"""`django-unblock report`, and the page that it and `demo` write."""

from datetime import datetime
from pathlib import Path

import click

from unblocker.cli.consoles import output, remark
from unblocker.cli.workspace import (
    CHANGESET,
    EVIDENCE,
    MEASURED,
    MEASUREMENT,
    PLAN,
    SURVEY,
    Workspace,
    open_workspace,
    project_argument,
    told_unwritable,
)
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Evidence
from unblocker.records.measurement import Measurement
from unblocker.records.plan import Plan
from unblocker.records.report import Report, SampleSet, SuiteRun
from unblocker.records.survey import Survey
from unblocker.report.document import document
from unblocker.report.page import render
from unblocker.report.samples import read_samples
from unblocker.report.terminal import show_report

PAGE = "report.html"


def gather_report(workspace: Workspace, suites: tuple[SuiteRun, ...] = ()) -> Report:
    """The report on what the stages have kept."""
    measurement = workspace.load_if_there(MEASUREMENT, Measurement)
    samples: tuple[SampleSet, ...] = ()
    if measurement and workspace.path(MEASURED).is_dir():
        samples = read_samples(measurement, workspace.path(MEASURED))
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


def write_page(report: Report, path: Path) -> None:
    """Write the report as one page that opens from disk; `UnblockError` U007 where it can't be written."""
    page = render(report)
    with told_unwritable(path.parent):
        path.write_text(page, encoding="utf-8")
    remark(f"Report: {path}")


@click.command()
@project_argument
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def report(project: Path, form: str) -> None:
    """Write what the stages found as one HTML page, and show it as a table or as JSON."""
    workspace = open_workspace(project)
    made = gather_report(workspace)
    write_page(made, workspace.path(PAGE))
    if form == "json":
        click.echo(document(made), nl=False)
    else:
        show_report(output(), made)
