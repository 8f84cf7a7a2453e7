"""One project: fetched, surveyed with the command that a user would type, compared with its table."""

import subprocess
from collections.abc import Callable

import msgspec

from tools import environments
from tools.survey_accuracy.facts import seen
from tools.survey_accuracy.projects import Project
from tools.survey_accuracy.score import Comparison, compare
from tools.survey_accuracy.source import source
from tools.survey_accuracy.tables import read_table
from unblocker.records.codec import from_json
from unblocker.records.survey import Survey


class CannotSurveyError(Exception):
    """The survey ended with an error, or told something that is no survey; the message says which."""


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
    """What `survey --format json` prints in the project's folder."""
    environment = environments.environment(project.name, project.requirements, progress)
    folder = source(project)
    progress(f"Surveying {project.name} {project.version}")
    command = [environment.python, "-m", "unblocker", "survey", "--format", "json"]
    ended = subprocess.run(
        command, cwd=folder, env=environment.variables, check=False, capture_output=True
    )
    if ended.returncode:
        told = ended.stderr.decode(errors="replace").strip()
        raise CannotSurveyError(f"{project.name}: {told}")
    try:
        return from_json(ended.stdout, Survey)
    except msgspec.DecodeError as error:
        raise CannotSurveyError(f"{project.name}: it printed no survey: {error}") from None
