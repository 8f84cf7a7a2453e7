"""Whether a conversion holds: what the demo fails on, and names."""

from collections.abc import Iterator

from unblocker.records.measurement import Measurement, Run
from unblocker.records.report import Report
from unblocker.report.figures import plural


def failures_of(report: Report) -> tuple[str, ...]:
    """What went wrong, a line each; nothing where the conversion is proven and serves without a hitch."""
    return (
        *failed_suites(report),
        *unproven_views(report),
        *failed_servers(report),
        *failed_requests(report),
    )


def failed_suites(report: Report) -> Iterator[str]:
    """Test suites with failures."""
    for one in report.suites:
        if one.failures:
            yield f"{one.failures} of the project's {one.tests} tests fail {one.side} converting"


def unproven_views(report: Report) -> Iterator[str]:
    """Views that differ, and converted views on which no request said anything."""
    converted = dict.fromkeys(report.changeset.views if report.changeset else ())
    seen = {view.view: view for view in report.evidence.views} if report.evidence else {}
    for view in seen.values():
        if view.verdict == "differs":
            yield f"{view.view}: {plural(len(view.differences), 'difference')}"
        elif view.verdict != "same" and view.view in converted:
            yield f"{view.view} is converted, but not proven: {view.verdict}"
    for name in converted:
        if report.evidence and name not in seen:
            yield f"{name} is converted, but not proven: not exercised"


def failed_servers(report: Report) -> Iterator[str]:
    """Servers that logged what must not happen under load."""
    for log in report.measurement.logs if report.measurement else ():
        if log.sync_only:
            times = plural(log.sync_only, "time")
            yield f"{log.server} ({log.side}) logged SynchronousOnlyOperation {times}: {log.log}"


def failed_requests(report: Report) -> Iterator[str]:
    """Requests that fail on the converted code and did not before it was converted."""
    if report.measurement is None:
        return
    sound = {_request(run) for run in _runs(report.measurement, "before") if not run.errors}
    for run in _runs(report.measurement, "after"):
        if run.errors and _request(run) in sound:
            clients = plural(run.clients, "client")
            told = f": {run.error_examples[0]}" if run.error_examples else ""
            yield (
                f"{run.method} {run.path} at {clients} on {run.server}: "
                f"{run.errors} of {run.requests} requests failed{told}"
            )


def _runs(measurement: Measurement, side: str) -> Iterator[Run]:
    return (run for run in measurement.runs if run.side == side)


def _request(run: Run) -> tuple[str, str, int]:
    return run.method, run.path, run.clients
