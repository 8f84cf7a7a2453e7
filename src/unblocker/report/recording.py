"""What was recorded, as a table in the terminal."""

from collections import Counter

from rich.console import Console

from unblocker.records.recording import RecordedView, Recording
from unblocker.records.survey import OperationKind
from unblocker.report.figures import count, milliseconds, plural
from unblocker.report.names import short_names
from unblocker.report.tables import add, new_table, numbers, say, show

SHOWN = 15
_APART: tuple[OperationKind, ...] = ("template", "transaction")
"""Made of others, and what goes with writes: no I/O that overlaps."""


def show_recording(console: Console, recording: Recording) -> None:
    """Print the views that took the most time in all, with the I/O of one request."""
    names = short_names(view.view for view in recording.views)
    routes = Counter(view.view for view in recording.views)
    views = sorted(recording.views, key=lambda view: -view.total_ms)
    table = new_table()
    table.add_column("view", overflow="fold")
    numbers(table, "requests", "median ms", "slowest", "I/O ms")
    table.add_column("I/O per request", ratio=1)
    for view in views[:SHOWN]:
        add(
            table,
            _name(view, names[view.view], alone=routes[view.view] == 1),
            count(view.requests),
            milliseconds(view.median_ms),
            milliseconds(view.slowest_ms),
            milliseconds(_waited(view)),
            _operations(view),
        )
    requests = sum(view.requests for view in recording.views)
    show(console, f"{plural(requests, 'request')} of {plural(len(views), 'view')} recorded", table)
    if (more := len(views) - SHOWN) > 0:
        say(console, f"Not listed: {plural(more, 'view')} that took less time.")
    for remark in _remarks(recording):
        say(console, remark)


def _name(view: RecordedView, short: str, *, alone: bool) -> str:
    """The view's name, with the route where it has several."""
    if alone:
        return short
    return f"{short} (direct calls)" if view.route is None else f"{short} /{view.route}"


def _waited(view: RecordedView) -> float:
    """Milliseconds of I/O in one request, on average."""
    waits = (one for one in view.operations if one.telling and one.kind not in _APART)
    return sum(one.median_ms * one.count for one in waits) / view.requests


def _operations(view: RecordedView) -> str:
    counts: Counter[OperationKind] = Counter()
    for one in view.operations:
        if one.kind not in _APART:
            counts[one.kind] += one.count
    return ", ".join(
        f"{number / view.requests:.3g} {kind}" for kind, number in counts.most_common()
    )


def _remarks(recording: Recording) -> list[str]:
    remarks = []
    empty = {one.kind for view in recording.views for one in view.operations if not one.telling}
    if empty:
        kinds = ", ".join(sorted(empty))
        remarks.append(f"In memory only, or failed, so that their times tell nothing: {kinds}.")
    if unfinished := sum(view.unfinished for view in recording.views):
        remarks.append(f"Begun and never answered: {plural(unfinished, 'request')}.")
    if recording.unrouted:
        remarks.append(f"No route matched {plural(recording.unrouted, 'request')}.")
    return remarks
