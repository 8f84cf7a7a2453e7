"""Everything the page shows of one view, ready to be laid out."""

import re
from dataclasses import dataclass

from unblocker.records.changeset import Changeset
from unblocker.records.measurement import Measurement
from unblocker.records.plan import FunctionPlan
from unblocker.records.report import Report
from unblocker.report.distribution import Distribution, distribution
from unblocker.report.excerpts import Excerpt, excerpts
from unblocker.report.pairs import Pair
from unblocker.report.rows import Row, rows
from unblocker.report.waterfall import (
    Waterfall,
    measured_waterfall,
    predicted_waterfall,
    timelines,
)


@dataclass(frozen=True, slots=True)
class Load:
    """One pair of runs, and its latencies as a plot where the raw samples are at hand."""

    pair: Pair
    plot: Distribution | None


@dataclass(frozen=True, slots=True)
class Section:
    """One view's part of the page; `anchor` is its id in the document."""

    row: Row
    anchor: str
    waterfall: Waterfall | None
    excerpts: tuple[Excerpt, ...]
    loads: tuple[Load, ...]


def sections(report: Report) -> tuple[Section, ...]:
    """A section for every row, in the rows' order."""
    samples = {sample.run: sample.milliseconds for sample in report.samples}
    functions = {plan.function: plan for plan in report.plan.functions} if report.plan else {}
    return tuple(
        Section(
            row=row,
            anchor="view-" + re.sub(r"[^\w.-]", "-", row.view),
            waterfall=_waterfall(row, report.measurement),
            excerpts=_excerpts(row, report.changeset, functions),
            loads=tuple(_load(pair, samples) for pair in row.pairs),
        )
        for row in rows(report)
    )


def _waterfall(row: Row, measurement: Measurement | None) -> Waterfall | None:
    """The measured one where both sides were traced, else the predicted one of a view that changes."""
    if measurement and row.measured_as:
        both = timelines(measurement, row.measured_as)
        if both:
            return measured_waterfall(*both)
    if row.prediction is None or row.verdict == "leave":
        return None
    return predicted_waterfall(row.prediction)


def _excerpts(
    row: Row, changeset: Changeset | None, functions: dict[str, FunctionPlan]
) -> tuple[Excerpt, ...]:
    if changeset is None or row.view not in changeset.views:
        return ()
    return excerpts(
        changeset, tuple(functions[name] for name in row.functions if name in functions)
    )


def _load(pair: Pair, samples: dict[str, tuple[float, ...]]) -> Load:
    before, after = (samples.get(run.samples, ()) for run in (pair.before, pair.after))
    return Load(pair, distribution(before, after))
