"""What must be known of a run before its numbers are believed."""

from collections.abc import Iterable

from unblocker.records.measurement import Run
from unblocker.report.figures import plural

BUSY = 0.9
"""The share of a core from which the load generator is taken to have been the limit."""


def caveats(runs: Iterable[Run]) -> tuple[str, ...]:
    """One sentence for each thing to know, naming the run."""
    return tuple(f"{_name(run)}: {text}" for run in runs for text in _texts(run))


def _texts(run: Run) -> list[str]:
    texts = []
    if run.errors:
        texts.append(f"{plural(run.errors, 'error')} in {plural(run.requests, 'request')}.")
    if not run.settled:
        texts.append(
            "not every client had had an answer before the measured time began, so the true latency is higher."
        )
    if run.cold:
        cold = plural(run.cold, "process", "processes")
        texts.append(f"{cold} of the server could not be warmed up, so the true latency is lower.")
    if run.client_cpu >= BUSY:
        texts.append(
            f"the load generator used {run.client_cpu:.0%} of a core, so the server may be faster than shown."
        )
    return texts


def _name(run: Run) -> str:
    clients = plural(run.clients, "client")
    return f"{run.path} on {run.server} ({run.side}) with {clients}"
