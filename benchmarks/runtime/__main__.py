"""`python -m benchmarks.runtime`: run the comparison and tell whether the targets are met."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.runtime import session
from benchmarks.runtime.contestants import ROOT
from benchmarks.runtime.report import markdown
from benchmarks.runtime.targets import TARGETS, Medians

RESULTS = Path(__file__).parent / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- written by `make bench-runtime`; below, no change of yours would last -->\n"


def main() -> int:
    """Return 0 if every target is met, else 1."""
    arguments = _arguments()
    samples: list[session.Sample] = []
    with session.started(_tell) as everyone:
        for number in range(arguments.rounds):
            _tell(f"round {number + 1} of {arguments.rounds}")
            samples += everyone.round(_tell)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    session.write(samples, RESULTS / f"{stamp}.jsonl")
    of = Medians(samples)
    lines = "\n".join(markdown(of, arguments.rounds))
    print(lines)  # noqa: T201
    if arguments.write:
        head, _, _ = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(head + BEGIN + "\n" + lines)
    met = all(target.is_met(target.ratio(of)) for target in TARGETS)
    return 0 if met or arguments.report_only else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runtime", description=__doc__)
    parser.add_argument("--rounds", type=int, default=6, help="how often everyone takes their turn")
    parser.add_argument(
        "--report-only", action="store_true", help="exit 0 also if a target is missed"
    )
    parser.add_argument("--write", action="store_true", help=f"write the result into {PAGE.name}")
    return parser.parse_args()


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
