"""What we promise: ratios between the medians of one run."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.survey.measures import Measure, Sample

READING, SECOND, LINEAR = 4.0, 0.2, 1.5


class Medians:
    """The samples of a run, and their medians."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self.samples = list(samples)

    @property
    def sizes(self) -> list[int]:
        """The projects' lines, rising."""
        return sorted({sample.lines for sample in self.samples})

    def all(self, lines: int, measure: Measure) -> list[float]:
        """The seconds of every round."""
        return [one.seconds for one in self.samples if (one.lines, one.measure) == (lines, measure)]

    def __call__(self, lines: int, measure: Measure) -> float:
        """Their median."""
        return median(self.all(lines, measure))

    def per_line(self, lines: int) -> float:
        """Microseconds of reading for each line."""
        return self(lines, "read") / lines * 1e6


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio that must not be more than `limit`."""

    what: str
    limit: float
    ratio: Callable[[Medians], float]


def targets(of: Medians) -> Iterator[Target]:
    """Each size's, and that the cost of a line does not grow with the size."""
    for lines in of.sizes:
        yield Target(
            f"reading {lines:,} lines / parsing them",
            READING,
            lambda run, lines=lines: run(lines, "read") / run(lines, "parse"),
        )
    for lines in of.sizes:
        yield Target(
            f"the second run on {lines:,} lines / the first",
            SECOND,
            lambda run, lines=lines: run(lines, "second") / run(lines, "first"),
        )
    smallest, *_, largest = of.sizes
    yield Target(
        f"reading a line of {largest:,} / a line of {smallest:,}",
        LINEAR,
        lambda run: run.per_line(largest) / run.per_line(smallest),
    )
