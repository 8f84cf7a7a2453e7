"""Which runs of a measurement are compared with each other."""

from collections import Counter
from dataclasses import dataclass

from unblocker.records.measurement import Measurement, Run, Side
from unblocker.report.figures import division


@dataclass(frozen=True, slots=True)
class Pair:
    """One view's runs before and after, with the same number of clients."""

    clients: int
    before: Run
    after: Run

    @property
    def speedup(self) -> float | None:
        """How many times shorter the median answer became."""
        return division(median(self.before), median(self.after))

    @property
    def gain(self) -> float | None:
        """How many times the throughput it had before."""
        return division(self.after.throughput, self.before.throughput)


def median(run: Run) -> float | None:
    """The run's median latency, or None where no request succeeded."""
    return None if run.latency is None else run.latency.p50


def baseline(measurement: Measurement, side: Side) -> str | None:
    """The server on which a side's views are compared: the one that served the most of them.

    A rival serves the headline only. Between equals the one listed first.
    """
    views = Counter(
        server
        for server, _ in {(run.server, run.view) for run in measurement.runs if run.side == side}
    )
    names = [server.name for server in measurement.servers if server.name in views]
    return max(names, key=lambda name: views[name], default=None)


def pairs(measurement: Measurement, name: str) -> tuple[Pair, ...]:
    """The runs of the view that the measurement calls `name`, by number of clients, fewest first."""
    sides = {side: _by_clients(measurement, name, side) for side in ("before", "after")}
    both = sorted(sides["before"].keys() & sides["after"].keys())
    return tuple(
        Pair(clients, sides["before"][clients], sides["after"][clients]) for clients in both
    )


def rivals(measurement: Measurement) -> tuple[Run, ...]:
    """Every server's run of the headline with the most clients, slowest first."""
    headline = [run for run in measurement.runs if measurement.headline in (run.view, run.path)]
    most = max((run.clients for run in headline), default=0)
    return tuple(
        sorted((run for run in headline if run.clients == most), key=lambda run: run.throughput)
    )


def _by_clients(measurement: Measurement, name: str, side: Side) -> dict[int, Run]:
    server = baseline(measurement, side)
    return {
        run.clients: run
        for run in measurement.runs
        if (run.view, run.side, run.server) == (name, side, server)
    }
