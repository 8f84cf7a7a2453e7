"""`python -m tools.fuzz_convert`: write programs, convert them, try them; status 1 if one does something else.

Status 2: it could not be tried.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
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
    """One run: batch after batch, and what differs made smaller; several stages may work on it at the same time."""

    def __init__(self, seeds: range, batch: int) -> None:
        self._programs = len(seeds)
        self._batches: Iterator[tuple[int, ...]] = batched(seeds, batch)
        self._lock = threading.Lock()
        self.tried: list[Tried] = []
        self.differing: list[Tried] = []
        self.trials: Trials = NO_TRIALS

    def work(self) -> None:
        """Try the batches that nobody else has taken, on a stage of one's own."""
        with (
            tempfile.TemporaryDirectory(prefix="fuzz-convert-") as folder,
            staged(Path(folder)) as stage,
        ):
            while seeds := self._next():
                self._take(stage, [write(seed) for seed in seeds])

    def close(self) -> None:
        """Have no more batches taken."""
        with self._lock:
            self._batches = iter(())

    def _next(self) -> tuple[int, ...]:
        with self._lock:
            return next(self._batches, ())

    def _take(self, stage: Stage, programs: Sequence[Program]) -> None:
        def again(candidates: Sequence[Program]) -> Sequence[Tried]:
            return try_batch(stage, "smaller", candidates, _say_nothing).tried

        batch = try_batch(stage, "batch", programs, _say_nothing)
        differing = [smallest(each, again) for each in batch.tried if each.differs]
        with self._lock:
            self.tried += batch.tried
            self.trials += batch.trials
            self.differing += differing
            _say(f"{len(self.tried)} of {self._programs} programs, {len(self.differing)} differ")


def main() -> int:
    """Run as the command line says; return the exit status."""
    asked = _arguments()
    seeds = range(asked.seed, asked.seed + asked.programs)
    run, began = Run(seeds, asked.batch), time.monotonic()
    try:
        with ThreadPoolExecutor(asked.jobs) as pool, closing(run):
            for job in as_completed([pool.submit(run.work) for _ in range(asked.jobs)]):
                job.result()
    except (StageError, UnblockError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _report(run, time.monotonic() - began)
    return 1 if run.differing else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_convert", description=__doc__)
    parser.add_argument("--programs", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=0, help="the first one's (default: 0)")
    parser.add_argument("--batch", type=int, default=50, help="how many stand in one project")
    cores = os.cpu_count() or 1
    parser.add_argument("--jobs", type=int, default=cores, help="how many projects at a time")
    return parser.parse_args()


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
