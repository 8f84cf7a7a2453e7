"""One project: fetched, surveyed with the command that a user would type, compared with its table."""

import subprocess
from collections.abc import Callable

from tools import environments
from tools.survey_accuracy.facts import seen
from tools.survey_accuracy.projects import Project
from tools.survey_accuracy.score import Comparison, compare
from tools.survey_accuracy.source import source
from tools.survey_accuracy.tables import read_table
from unblocker.records.codec import load
from unblocker.records.survey import Survey


class CannotSurveyError(Exception):
    """The survey ended with an error; the message is what it said."""


def measure(project: Project, progress: Callable[[str], None]) -> Comparison:
    """Compare the project's table with what this checkout's survey says.

    Raises:
        CannotSurveyError: the survey failed.
        CannotInstallError, CannotFetchError: the project can't be had.
        BadTableError: its table can't be read.
    """
    table = read_table(project.table)
    return compare(table, seen(survey(project, progress)))


def survey(project: Project, progress: Callable[[str], None]) -> Survey:
    """The record that `survey`, run in the project's folder, keeps there."""
    environment = environments.environment(project.name, project.requirements, progress)
    folder = source(project)
    progress(f"Surveying {project.name} {project.version}")
    ended = subprocess.run(
        [environment.python, "-m", "unblocker", "survey", "--quiet", "--no-cache"],
        cwd=folder,
        env=environment.variables,
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise CannotSurveyError(f"{project.name}: {ended.stderr.strip()}")
    return load(folder / ".unblock" / "survey.json", Survey)
