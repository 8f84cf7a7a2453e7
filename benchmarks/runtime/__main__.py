"""`python -m benchmarks.runtime`: run the comparison and tell whether the targets are met."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.command import Command, tell
from benchmarks.runtime import session
from benchmarks.runtime.contestants import ROOT
from benchmarks.runtime.report import markdown
from benchmarks.runtime.targets import TARGETS, Medians

RESULTS = Path(__file__).parent / "results"
COMMAND = Command("runtime", ROOT / "docs" / "benchmarks.md")


def main() -> int:
    """Return 0 if every target is met, else 1."""
    options = COMMAND.options(rounds=6)
    samples: list[session.Sample] = []
    with session.started(tell) as everyone:
        for number in range(options.rounds):
            tell(f"round {number + 1} of {options.rounds}")
            samples += everyone.round(tell)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    session.write(samples, RESULTS / f"{stamp}.jsonl")
    of = Medians(samples)
    lines = list(markdown(of, options.rounds))
    met = all(target.is_met(target.ratio(of)) for target in TARGETS)
    return COMMAND.end(options, lines, met=met)


if __name__ == "__main__":
    sys.exit(main())
