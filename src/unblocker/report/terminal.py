"""Records as tables in the terminal; colour and width are the console's, so a pipe gets plain text."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.measurement import Measurement
from unblocker.records.plan import Plan, Reason, ViewPlan
from unblocker.records.report import Report
from unblocker.report.caveats import caveats
from unblocker.report.coverage import coverage_told
from unblocker.report.figures import NOTHING, count, division, milliseconds, plural, rate, ratio
from unblocker.report.left_out import left_out_told
from unblocker.report.names import short_names
from unblocker.report.pairs import Pair, median, pairs, rivals
from unblocker.report.rows import Row, by_verdict, is_own, rows
from unblocker.report.tables import add, new_table, numbers, say, show, styled
from unblocker.report.trials import trials_told

_WIDE = 120


def show_plan(console: Console, plan: Plan) -> None:
    """Print each view's verdict, why, and the predicted time of its I/O."""
    names = short_names(view.view for view in plan.views)
    table = new_table()
    table.add_column("view", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("reason", ratio=1)
    numbers(table, "before", "after", "ratio")
    recorded = any(view.traffic for view in plan.views)
    if recorded:
        table.add_column("latencies", no_wrap=True)
        numbers(table, "requests", "saved s")
    views = sorted(plan.views, key=lambda view: (by_verdict(view.verdict), -view.saved_in_all_ms))
    own = [view for view in views if is_own(view.place)]
    for view in own:
        add(
            table,
            names[view.view],
            styled(view.verdict),
            _reasons(view.reasons),
            *_predicted(view),
            *(_recorded(view) if recorded else ()),
        )
    for reasons, number in _others(view.reasons for view in views if not is_own(view.place)):
        name = f"({plural(number, 'more view')})"
        add(table, name, styled("leave"), reasons)
    show(console, "Plan: predicted milliseconds of I/O", table)
    if not recorded:
        say(console, "Latencies are assumed; `django-unblock record` measures them.")
    for view in own:
        for change in view.accepted:
            say(console, f"{change.code} {change.place}: {change.text}")


def show_evidence(console: Console, evidence: Evidence) -> None:
    """Print what was compared for each view and every difference that was found."""
    names = short_names(view.view for view in evidence.views)
    table = new_table()
    table.add_column("view", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    numbers(table, "requests")
    table.add_column("statuses")
    numbers(table, "trials", "differences")
    for view in evidence.views:
        add(
            table,
            names[view.view],
            styled(view.verdict),
            count(view.requests),
            _counted(view.statuses),
            count(view.trials.total) if view.trials.total else "",
            count(len(view.differences)),
        )
    requests, tables = plural(evidence.requests, "request"), plural(evidence.tables, "table")
    show(console, f"Proof: {requests} to both sides, {tables} compared", table)
    for line in (*left_out_told(evidence), *trials_told(evidence)):
        say(console, line)
    for line in coverage_told(evidence):
        say(console, line)
    for view in evidence.views:
        _show_differences(console, view)
        _show_notes(console, view)


def show_measurement(console: Console, measurement: Measurement) -> None:
    """Print each view's times alone and under load, then the ways to serve the headline."""
    names = short_names(run.view for run in measurement.runs)
    most = max((run.clients for run in measurement.runs), default=1)
    table = new_table()
    table.add_column("view", overflow="fold")
    numbers(table, "before\nms", "after\nms", "\nratio", "before\nreq/s", "after\nreq/s", "\nratio")
    for view, name in names.items():
        by_clients = {pair.clients: pair for pair in pairs(measurement, view)}
        add(table, name, *_times(by_clients.get(1)), *_rates(by_clients.get(most)))
    title = f"Measured: median milliseconds alone, requests per second at {plural(most, 'client')}"
    show(console, title, table)
    _show_rivals(console, measurement)


def show_report(console: Console, report: Report) -> None:
    """Print one row per view: what was decided, predicted, measured and proven."""
    table = new_table()
    wide = console.width >= _WIDE
    table.add_column("view", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("reason" if wide else "code", max_width=None if wide else 4)
    numbers(table, "before\nms", "after\nms", "\nratio", "plan\nratio", "req/s\nratio")
    table.add_column("proof", max_width=None if wide else 9)
    everything = rows(report)
    own = [row for row in everything if row.is_own]
    for row in own:
        add(table, *_combined(row, wide=wide))
    others = (row.reasons for row in everything if not row.is_own)
    for reasons, number in _others(others, texts=wide):
        add(table, f"({plural(number, 'more view')})", styled("leave"), reasons, *[""] * 6)
    show(console, f"{report.title}, before and after conversion", table)
    if report.measurement:
        _show_rivals(console, report.measurement)
    for line in _sums(report, own):
        say(console, line)


def _combined(row: Row, *, wide: bool) -> list[str | Text]:
    return [
        row.name,
        styled(row.verdict or ""),
        _reasons(row.reasons, texts=wide),
        *_times(row.alone),
        ratio(row.predicted_speedup),
        ratio(row.crowd.gain if row.crowd else None),
        styled(row.proof, row.evidence.verdict if row.evidence else ""),
    ]


def _sums(report: Report, own: list[Row]) -> list[str]:
    lines = []
    if report.plan:
        converted = sum(row.verdict == "convert" for row in own)
        planned = sum(row.verdict is not None for row in own)
        lines.append(f"Views converted: {converted} of {planned}.")
    if report.evidence:
        lines.append(
            f"Proof: {plural(report.evidence.differences, 'difference')} "
            f"in {plural(report.evidence.requests, 'request')}."
        )
    lines += [
        f"The project's own tests {suite.side} conversion: "
        f"{suite.tests - suite.failures} of {suite.tests} passed."
        for suite in report.suites
    ]
    return lines


def _show_rivals(console: Console, measurement: Measurement) -> None:
    runs = rivals(measurement)
    if not runs:
        return
    table = new_table()
    table.add_column("server", overflow="fold")
    table.add_column("side", no_wrap=True)
    numbers(table, "req/s", "ratio", "median ms", "p99 ms", "errors")
    for run in runs:
        add(
            table,
            run.server,
            run.side,
            rate(run.throughput),
            ratio(division(run.throughput, runs[0].throughput)),
            milliseconds(median(run)),
            milliseconds(run.latency.p99 if run.latency else None),
            count(run.errors),
        )
    clients = plural(runs[0].clients, "client")
    show(console, f"{runs[0].path} at {clients}, one way to serve it per row", table)
    for caveat in caveats(runs):
        say(console, caveat, "not exercised")


def _show_differences(console: Console, view: ViewEvidence) -> None:
    for difference in view.differences:
        say(console, f"{difference.code} {view.view}: {difference.text}", "differs")
        say(console, f"  {difference.request}")
        if difference.trial:
            say(console, f"  {difference.trial}")
        for side, excerpt in (("before", difference.before), ("after", difference.after)):
            for line in excerpt.splitlines() or ["(nothing)"]:
                say(console, f"  {side:>6} | {line}")


def _show_notes(console: Console, view: ViewEvidence) -> None:
    for note in view.notes:
        say(console, f"{note.code} {view.view}: {note.text}", "not exercised")
    for exclusion in view.exclusions:
        told = f"{exclusion.kind}, {plural(exclusion.requests, 'request')}: {exclusion.text}"
        say(console, f"{exclusion.code} {view.view}: not counted: {told}", "not exercised")
        say(console, f"  {exclusion.request}")


def _reasons(reasons: Iterable[Reason], *, texts: bool = True) -> str:
    if texts:
        return "\n".join(f"{reason.code} {reason.text}" for reason in reasons)
    return " ".join(dict.fromkeys(reason.code for reason in reasons))


def _others(reasons: Iterable[tuple[Reason, ...]], *, texts: bool = True) -> list[tuple[str, int]]:
    """The reasons as they are shown, and how many of the views have them."""
    return list(Counter(_reasons(each, texts=texts) for each in reasons).items())


def _predicted(view: ViewPlan) -> tuple[str, str, str]:
    before, after = view.prediction.before_ms, view.prediction.after_ms
    if view.verdict == "leave":
        return milliseconds(before), "", ""
    return milliseconds(before), milliseconds(after), ratio(division(before, after))


def _recorded(view: ViewPlan) -> tuple[str, ...]:
    """What the latencies rest on, the recorded requests, and the seconds that all of them together would gain."""
    basis = view.prediction.basis if view.prediction.before else ""
    if view.traffic is None:
        return (basis,)
    saved = milliseconds(view.saved_in_all_ms / 1000) if view.verdict == "convert" else ""
    return basis, count(view.traffic.requests), saved


def _times(pair: Pair | None) -> tuple[str, str, str]:
    if pair is None:
        return (NOTHING, NOTHING, NOTHING)
    return (
        milliseconds(median(pair.before)),
        milliseconds(median(pair.after)),
        ratio(pair.speedup),
    )


def _rates(pair: Pair | None) -> tuple[str, str, str]:
    if pair is None:
        return (NOTHING, NOTHING, NOTHING)
    return rate(pair.before.throughput), rate(pair.after.throughput), ratio(pair.gain)


def _counted(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number} x {name}" for name, number in sorted(numbers.items()))
