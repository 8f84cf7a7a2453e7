"""Raw latencies as a small histogram: two rows of bars, before and after, on one scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 48
_SHOWN = 0.99


@dataclass(frozen=True, slots=True)
class Column:
    """One bin of a histogram."""

    left: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """One side's latencies.

    Attributes:
        columns: for each bin that holds a sample, where it starts and how tall it is, as percentages
            of the scale and of the tallest.
        samples: how many latencies there are, and `beyond` how many of them lie past the end.
        median_at: where the median lies, as a percentage of the scale.
    """

    columns: tuple[Column, ...]
    samples: int
    beyond: int
    median_ms: float
    median_at: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Both sides on a scale from 0 to `end_ms`, which leaves out the slowest hundredth."""

    end_ms: float
    before: Histogram
    after: Histogram


def distribution(before: Sequence[float], after: Sequence[float]) -> Distribution | None:
    """Both histograms, or None where a side has no sample."""
    if not before or not after:
        return None
    end = max(_quantile(before, _SHOWN), _quantile(after, _SHOWN)) * 1.02 or 1.0
    return Distribution(end, _histogram(before, end), _histogram(after, end))


def _histogram(samples: Sequence[float], end: float) -> Histogram:
    counts = [0] * BINS
    inside = [sample for sample in samples if sample < end]
    for sample in inside:
        counts[int(sample / end * BINS)] += 1
    tallest = max(counts) or 1
    median = _quantile(samples, 0.5)
    return Histogram(
        columns=tuple(
            Column(bin_ / BINS * 100, number / tallest * 100)
            for bin_, number in enumerate(counts)
            if number
        ),
        samples=len(samples),
        beyond=len(samples) - len(inside),
        median_ms=median,
        median_at=min(median / end * 100, 100),
    )


def _quantile(samples: Sequence[float], share: float) -> float:
    """By nearest rank, as the measurement's percentiles are."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
