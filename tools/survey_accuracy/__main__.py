"""`python -m tools.survey_accuracy`: survey real projects, compare with their tables, print precision and recall.

Exits 1 where the figures are missed, 2 where a project can't be had or surveyed.
"""

import argparse
import sys

from tools.environments import CannotInstallError
from tools.sdists import CannotFetchError
from tools.survey_accuracy import report
from tools.survey_accuracy.projects import PROJECTS
from tools.survey_accuracy.run import CannotSurveyError, measure
from tools.survey_accuracy.tables import BadTableError


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.survey_accuracy", description=__doc__)
    parser.add_argument("projects", nargs="*", help="names; default: all")
    parser.add_argument("--differences", action="store_true", help="print each fact that differs")
    parser.add_argument(
        "--write", action="store_true", help=f"put the figures into {report.PAGE.name}"
    )
    asked = parser.parse_args()
    chosen = [one for one in PROJECTS if not asked.projects or one.name in asked.projects]
    try:
        measured = [(project, measure(project, _say)) for project in chosen]
    except (CannotInstallError, CannotFetchError, CannotSurveyError, BadTableError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if asked.differences:
        sys.stdout.writelines(report.differences(measured))
    sys.stdout.write("\n".join(["", *report.lines(measured), ""]))
    if asked.write:
        report.write(measured)
    failed = report.missed(measured)
    sys.stdout.writelines(f"{line}\n" for line in failed)
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
