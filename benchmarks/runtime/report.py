"""A run as Markdown: the targets, then every median with its spread."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

from benchmarks.runtime.contestants import EVERYONE
from benchmarks.runtime.session import BOOK, IN_PROCESS, REPORT
from benchmarks.runtime.targets import ALSO, TARGETS, Figure, Medians

PACKAGES = ("Django", "psycopg", "greenlet", "uvicorn", "uvloop", "gunicorn", "gevent")
IN_PROCESS_TITLES = {
    "get": "a synchronous `get`",
    "agets": "an `aget`, one of 20 in a request",
    "aget": "a request's only `aget`, 32 requests at a time",
    "rows": "20 rows with `select_related`, synchronous",
    "arows": "20 rows with `select_related`, `async for`",
}


def markdown(of: Medians, rounds: int) -> Iterator[str]:
    """The whole report, as lines."""
    yield from (f"Measured {_machine()}, {rounds} rounds; medians, lowest and highest round.", "")
    yield from _targets(of)
    yield from (
        "## CRUD view",
        "",
        "Read a row, update it, count others; the 7 default middleware.",
        "",
    )
    yield from _served(of, BOOK)
    yield from ("## Latency-bound view", "")
    yield from ("Three queries of 50 ms, two of which may overlap: critical path 100 ms.", "")
    yield from _served(of, REPORT)
    yield from ("## One query", "", "CPU time of the process, in microseconds.", "")
    yield from _in_process(of)
    yield from ("## `gather`", "", "Milliseconds.", "")
    yield from _gather(of)


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    when = datetime.now(UTC).date().isoformat()
    return f"{when} on {os.cpu_count()} cores, CPython {platform.python_version()}, {packages}"


def _targets(of: Medians) -> Iterator[str]:
    yield from ("## Targets", "", "| ratio | measured | target | met |", "|---|---|---|---|")
    for target in TARGETS:
        ratio = target.ratio(of)
        met = "yes" if target.is_met(ratio) else "**no**"
        yield f"| {target.what} | {ratio:.2f} | {target.bound} {target.limit:g} | {met} |"
    yield from (f"| {what} | {ratio(of):.2f} | | |" for what, ratio in ALSO.items())
    yield ""


def _served(of: Medians, page: str) -> Iterator[str]:
    yield "| | requests/s | CPU ms per request | p50 ms | p99 ms | |"
    yield "|---|---|---|---|---|---|"
    for one in EVERYONE:
        if of.all(one.name, page, "cpu_ms"):
            figures: tuple[Figure, ...] = ("per_second", "cpu_ms", "p50_ms", "p99_ms")
            cells = [_spread(of.all(one.name, page, figure)) for figure in figures]
            yield f"| {one.name} | {' | '.join(cells)} | {one.note} |"
    yield ""


def _in_process(of: Medians) -> Iterator[str]:
    yield from _table_head()
    for measure, title in IN_PROCESS_TITLES.items():
        yield _in_process_row(of, measure, title, "cpu_ms", 1000)
    yield ""


def _gather(of: Medians) -> Iterator[str]:
    yield from _table_head()
    for measure, title in {"slow_query": "one query of 100 ms", "slow_queries": "four"}.items():
        yield _in_process_row(of, measure, title, "p50_ms", 1)
    yield ""


def _table_head() -> Iterator[str]:
    yield "| | " + " | ".join(one.name for one in IN_PROCESS) + " |"
    yield "|---" * (len(IN_PROCESS) + 1) + "|"


def _in_process_row(of: Medians, measure: str, title: str, figure: Figure, times: float) -> str:
    samples = [of.all(one.name, measure, figure) for one in IN_PROCESS]
    cells = [_spread([value * times for value in values]) if values else "" for values in samples]
    return f"| {title} | {' | '.join(cells)} |"


def _spread(values: list[float]) -> str:
    return f"{_rounded(median(values))} ({_rounded(min(values))}-{_rounded(max(values))})"


def _rounded(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
