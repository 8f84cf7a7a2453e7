"""From raw samples to percentiles, throughput and errors. No time is ever interpolated."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unblocker.records.measurement import Latency

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One request as the client saw it.

    Attributes:
        start_s: when it was sent, in seconds from the opening of the measured time (negative:
            during the warm-up).
        ms: until the last byte of the answer.
        status: 0 if there was no answer.
        size: bytes of the body.
        error: what went wrong, else "".
    """

    start_s: float
    ms: float
    status: int
    size: int
    error: str = ""

    @property
    def failed(self) -> bool:
        """It got something other than a 2xx or 3xx answer."""
        return bool(self.error) or not 200 <= self.status < 400


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run's samples come to; see `records.measurement.Run`."""

    requests: int
    throughput: float
    latency: Latency | None
    errors: int
    statuses: dict[str, int]
    error_examples: tuple[str, ...]


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` % of the values don't exceed (nearest rank).

    `ordered` must be sorted and must not be empty.
    """
    rank = math.ceil(percent / 100 * len(ordered))
    return ordered[max(rank, 1) - 1]


def latency(times_ms: Iterable[float]) -> Latency | None:
    """The distribution of the times; None for no times."""
    ordered = sorted(times_ms)
    if not ordered:
        return None
    p50, p90, p99 = (percentile(ordered, percent) for percent in (50, 90, 99))
    return Latency(p50, p90, p99, mean=sum(ordered) / len(ordered), worst=ordered[-1])


def summarise(samples: Sequence[Sample], seconds: float) -> Summary:
    """Sum up the samples of a run whose measured time was `seconds` long."""
    good = [sample for sample in samples if not sample.failed]
    failed = [sample for sample in samples if sample.failed]
    examples = dict.fromkeys(sample.error or f"status {sample.status}" for sample in failed)
    return Summary(
        requests=len(samples),
        throughput=len(good) / seconds if seconds else 0.0,
        latency=latency(sample.ms for sample in good),
        errors=len(failed),
        statuses=dict(Counter(str(sample.status) for sample in samples)),
        error_examples=tuple(examples)[:EXAMPLES],
    )
