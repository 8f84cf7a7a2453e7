"""`python -m benchmarks.survey`: measure the survey and tell whether the targets are met."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.survey.measures import Sample, samples
from benchmarks.survey.projects import SIZES, compose, install
from benchmarks.survey.report import markdown
from benchmarks.survey.targets import Medians, targets

PAGE = Path(__file__).parents[2] / "docs" / "survey-benchmarks.md"
BEGIN = "<!-- written by `make bench-survey`; below, no change of yours would last -->\n"


def main() -> int:
    """Return 0 if every target is met, else 1."""
    arguments = _arguments()
    taken: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="bench-survey-") as folder:
        installed = install()
        projects = [
            compose(Path(folder).resolve() / f"of{len(packages)}", installed, packages)
            for packages in SIZES
        ]
        for number in range(arguments.rounds):
            for project in projects:
                _tell(f"round {number + 1} of {arguments.rounds}: {project.lines:,} lines")
                taken += samples(project)
    of = Medians(taken)
    lines = "\n".join(markdown(of, projects, arguments.rounds))
    print(lines)  # noqa: T201
    if arguments.write:
        head, _, _ = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(head + BEGIN + "\n" + lines)
    met = all(target.ratio(of) <= target.limit for target in targets(of))
    return 0 if met or arguments.report_only else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survey", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured")
    parser.add_argument(
        "--report-only", action="store_true", help="exit 0 also if a target is missed"
    )
    parser.add_argument("--write", action="store_true", help=f"write the result into {PAGE.name}")
    return parser.parse_args()


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
