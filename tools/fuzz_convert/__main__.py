"""`python -m tools.fuzz_convert`: write programs, convert them, try them; status 1 if one does something else.

Status 2: it could not be tried.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import batched
from pathlib import Path

from tools.fuzz_convert.batch import EFFORT, Tried, try_batch
from tools.fuzz_convert.smaller import smallest
from tools.fuzz_convert.stage import Stage, StageError, staged
from tools.fuzz_convert.writer import Program, write
from unblocker.errors import UnblockError
from unblocker.records.evidence import NO_TRIALS, Trials
from unblocker.report.trials import told


class Run:
    """One run: batch after batch, and what differs made smaller."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.tried: list[Tried] = []
        self.differing: list[Tried] = []
        self.trials: Trials = NO_TRIALS

    def take(self, programs: Sequence[Program]) -> None:
        """Try a batch."""
        batch = try_batch(self._stage, "batch", programs, _say_nothing)
        self.tried += batch.tried
        self.trials += batch.trials
        for each in batch.tried:
            if each.differs:
                self.differing.append(smallest(each, self._again))

    def _again(self, programs: Sequence[Program]) -> Sequence[Tried]:
        return try_batch(self._stage, "smaller", programs, _say_nothing).tried


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_convert", description=__doc__)
    parser.add_argument("--programs", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=0, help="the first one's (default: 0)")
    parser.add_argument("--batch", type=int, default=25, help="how many stand in one project")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-convert-"))
    began = time.monotonic()
    try:
        with staged(folder) as stage:
            run = Run(stage)
            for seeds in batched(range(asked.seed, asked.seed + asked.programs), asked.batch):
                run.take([write(seed) for seed in seeds])
                _say(f"{len(run.tried)} of {asked.programs} programs, {len(run.differing)} differ")
    except (StageError, UnblockError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _report(run, time.monotonic() - began)
    return 1 if run.differing else 0


def _report(run: Run, seconds: float) -> None:
    converted = [each for each in run.tried if each.verdict == "convert"]
    overlapped = sum(each.overlaps for each in converted)
    compared = sum(each.evidence.requests for each in run.tried)
    _say(
        f"{len(run.tried)} programs, {len(converted)} converted, {overlapped} of them overlapped; "
        f"{compared} requests compared, then made again {told(run.trials)}; "
        f"{len(run.differing)} differ; {seconds:.0f} s (schedules per kind: {EFFORT.schedules})"
    )
    for each in run.differing:
        _say(f"\n--- seed {each.program.seed}\n{each.program.source}")
        for difference in each.evidence.differences:
            _say(
                f"{difference.code} {difference.text}\n  {difference.request}\n  {difference.trial}"
            )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say_nothing(_text: str) -> None:
    """The batches' own progress is not told."""


if __name__ == "__main__":
    sys.exit(main())
