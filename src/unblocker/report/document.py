"""The report as one JSON document: a row per view with the figures of the page, and the records behind them."""

from dataclasses import dataclass, replace

from unblocker.records.codec import to_json
from unblocker.records.evidence import ViewVerdict
from unblocker.records.plan import Verdict
from unblocker.records.report import Report
from unblocker.report.pairs import median
from unblocker.report.rows import Row, rows

VERSION = 1


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One view's figures: times are medians in milliseconds with one client, ratios are before to after.

    `throughput_ratio` is after to before, with `clients` clients. None where nothing was measured or compared.
    """

    view: str
    verdict: Verdict | None
    codes: tuple[str, ...]
    before_ms: float | None
    after_ms: float | None
    ratio: float | None
    predicted_ratio: float | None
    clients: int | None
    throughput_ratio: float | None
    proof: ViewVerdict | None
    requests: int | None
    differences: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """What `document` writes; `version` changes when a field is renamed or removed."""

    version: int
    views: tuple[ViewRow, ...]
    report: Report


def document(report: Report) -> bytes:
    """The report as UTF-8 JSON, ending in a newline; raw samples stay in the files that its runs name."""
    slim = replace(report, samples=())
    return to_json(Document(VERSION, tuple(_view(row) for row in rows(report)), slim))


def _view(row: Row) -> ViewRow:
    alone, crowd, evidence = row.alone, row.crowd, row.evidence
    return ViewRow(
        view=row.view,
        verdict=row.verdict,
        codes=tuple(reason.code for reason in row.reasons),
        before_ms=median(alone.before) if alone else None,
        after_ms=median(alone.after) if alone else None,
        ratio=alone.speedup if alone else None,
        predicted_ratio=row.predicted_speedup,
        clients=crowd.clients if crowd else None,
        throughput_ratio=crowd.gain if crowd else None,
        proof=evidence.verdict if evidence else None,
        requests=evidence.requests if evidence else None,
        differences=len(evidence.differences) if evidence else None,
    )
