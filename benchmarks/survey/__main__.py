"""`python -m benchmarks.survey`: measure the survey and tell whether the targets are met."""

import sys
import tempfile
from pathlib import Path

from benchmarks.command import Command, tell
from benchmarks.survey.measures import Sample, samples
from benchmarks.survey.projects import SIZES, compose, install
from benchmarks.survey.report import markdown
from benchmarks.survey.targets import Medians, targets
from tools.environments import ROOT

COMMAND = Command("survey", ROOT / "docs" / "survey-benchmarks.md")


def main() -> int:
    """Return 0 if every target is met, else 1."""
    options = COMMAND.options(rounds=5)
    taken: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="bench-survey-") as folder:
        installed = install()
        projects = [
            compose(Path(folder).resolve() / f"of{len(packages)}", installed, packages)
            for packages in SIZES
        ]
        for number in range(options.rounds):
            for project in projects:
                tell(f"round {number + 1} of {options.rounds}: {project.lines:,} lines")
                taken += samples(project)
    of = Medians(taken)
    lines = list(markdown(of, projects, options.rounds))
    met = all(target.ratio(of) <= target.limit for target in targets(of))
    return COMMAND.end(options, lines, met=met)


if __name__ == "__main__":
    sys.exit(main())
