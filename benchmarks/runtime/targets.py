"""What we promise: ratios between the medians of one run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal

from benchmarks.runtime.contestants import (
    GEVENT,
    GEVENT_KEPT,
    GTHREAD,
    OURS,
    OURS_ASYNC,
    STOCK_ASGI,
    STOCK_POOL,
)
from benchmarks.runtime.library.slowness import CRITICAL_PATH
from benchmarks.runtime.session import BOOK, REPORT, Sample

type Figure = Literal["cpu_ms", "p50_ms", "p99_ms", "per_second", "client_cpu"]


class Medians:
    """The samples of a run, and their medians."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self.samples = list(samples)

    def all(self, contestant: str, of: str, figure: Figure) -> list[float]:
        """The figure in every round."""
        return [
            getattr(sample, figure)
            for sample in self.samples
            if sample.contestant == contestant and sample.of == of
        ]

    def __call__(self, contestant: str, of: str, figure: Figure) -> float:
        """The figure's median."""
        return median(self.all(contestant, of, figure))


@dataclass(frozen=True)
class Target:
    """A ratio that must hold.

    Attributes:
        what: what is compared with what.
        limit: the ratio, at most or at least.
        ratio: computes it from a run.
    """

    what: str
    bound: Literal["at most", "at least"]
    limit: float
    ratio: Callable[[Medians], float]

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio is within the bound."""
        return ratio <= self.limit if self.bound == "at most" else ratio >= self.limit


def _throughput(page: str, ours: str, theirs: str) -> Callable[[Medians], float]:
    return lambda of: of(ours, page, "per_second") / of(theirs, page, "per_second")


def _cpu(of_what: str, ours: str, theirs: str) -> Callable[[Medians], float]:
    return lambda of: of(ours, of_what, "cpu_ms") / of(theirs, of_what, "cpu_ms")


TARGETS = (
    Target(
        "gather of 4 queries of 100 ms / one of them",
        "at most",
        1.15,
        lambda of: of(OURS.name, "slow_queries", "p50_ms") / of(OURS.name, "slow_query", "p50_ms"),
    ),
    Target(
        "CPU of an aget / of a synchronous get",
        "at most",
        1.3,
        lambda of: of(OURS.name, "agets", "cpu_ms") / of(STOCK_POOL.name, "get", "cpu_ms"),
    ),
    Target(
        "CPU of a request's aget / stock ASGI",
        "at most",
        0.5,
        _cpu("aget", OURS.name, STOCK_ASGI.name),
    ),
    Target(
        "CRUD view, requests per second / stock ASGI",
        "at least",
        3.0,
        _throughput(BOOK, OURS.name, STOCK_ASGI.name),
    ),
    Target(
        "CRUD view, requests per second / gevent",
        "at least",
        1.15,
        _throughput(BOOK, OURS.name, GEVENT.name),
    ),
    Target(
        "CRUD view, requests per second / gthread",
        "at least",
        1.5,
        _throughput(BOOK, OURS.name, GTHREAD.name),
    ),
    Target(
        "latency-bound view, requests per second / gthread",
        "at least",
        5.0,
        _throughput(REPORT, OURS_ASYNC.name, GTHREAD.name),
    ),
    Target(
        "latency-bound view, p50 / critical path",
        "at most",
        1.2,
        lambda of: of(OURS_ASYNC.name, REPORT, "p50_ms") / (CRITICAL_PATH * 1000),
    ),
)

# No targets, but worth knowing beside them.
ALSO: dict[str, Callable[[Medians], float]] = {
    "CPU of a request's aget / stock ASGI, pool": _cpu("aget", OURS.name, STOCK_POOL.name),
    "CPU of an aget / stock ASGI, pool": _cpu("agets", OURS.name, STOCK_POOL.name),
    "CRUD view, requests per second / stock ASGI, pool": _throughput(
        BOOK, OURS.name, STOCK_POOL.name
    ),
    "CRUD view, requests per second / gevent, connections kept": _throughput(
        BOOK, OURS.name, GEVENT_KEPT.name
    ),
    "CRUD view, CPU per request / stock ASGI": _cpu(BOOK, OURS.name, STOCK_ASGI.name),
    "CRUD view, CPU per request / gevent": _cpu(BOOK, OURS.name, GEVENT.name),
    "CRUD view, CPU per request / gevent, connections kept": _cpu(
        BOOK, OURS.name, GEVENT_KEPT.name
    ),
    "CRUD view, CPU per request / gthread": _cpu(BOOK, OURS.name, GTHREAD.name),
}
