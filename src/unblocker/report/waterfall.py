"""A view's I/O before and after on one time scale: where each bar lies, as percentages of the scale."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from unblocker.records.measurement import Measurement, Side, Timeline
from unblocker.records.plan import Prediction
from unblocker.records.plan import Span as PredictedSpan

type Colour = Literal["query", "http", "mail", "storage", "other"]

_COLOURS: dict[str, Colour] = {
    "sql": "query",
    "query": "query",
    "transaction": "query",
    "http": "http",
    "mail": "mail",
    "s3": "storage",
    "storage": "storage",
}
_TICKS = 6
_MARGIN = 1.02
_NARROW = 4
_LABEL = 48
_LOOPBACK = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?(?=/)")


@dataclass(frozen=True, slots=True)
class Bar:
    """One operation; `left` and `width` are percentages of the time scale."""

    label: str
    colour: Colour
    start_ms: float
    end_ms: float
    left: float
    width: float
    failed: bool = False
    behind: bool = False

    @property
    def short_label(self) -> str:
        """The label without a stand-in's address, cut where it would not fit beside other bars."""
        label = _LOOPBACK.sub("", self.label)
        return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"

    @property
    def label_runs_left(self) -> bool:
        """Whether the label ends where the bar does; one that began there would leave the chart."""
        return self.left > 50

    @property
    def label_at(self) -> float:
        """Where the label begins, or ends if it runs left; beside a bar too narrow to be seen behind it."""
        beside = self.width < _NARROW
        return self.left if beside == self.label_runs_left else self.left + self.width


@dataclass(frozen=True, slots=True)
class Lane:
    """One side's bars, and when its response was ready."""

    side: Side
    response_ms: float
    response_at: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled point on the time scale."""

    milliseconds: float
    at: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Both lanes; `measured` is false where the bars are the plan's prediction."""

    measured: bool
    lanes: tuple[Lane, Lane]
    ticks: tuple[Tick, ...]

    @property
    def colours(self) -> tuple[Colour, ...]:
        """The colours that occur, for the key."""
        return tuple(dict.fromkeys(bar.colour for lane in self.lanes for bar in lane.bars))


def measured_waterfall(before: Timeline, after: Timeline) -> Waterfall:
    """The traced requests of one view, before and after."""
    end = max(_last(before), _last(after)) * _MARGIN
    return Waterfall(True, (_traced(before, end), _traced(after, end)), _ticks(end))


def predicted_waterfall(prediction: Prediction) -> Waterfall | None:
    """The plan's time lines, or None where it predicts no I/O."""
    end = max(prediction.before_ms, prediction.after_ms) * _MARGIN
    if end == 0:
        return None
    lanes = (
        _predicted("before", prediction.before, prediction.before_ms, end),
        _predicted("after", prediction.after, prediction.after_ms, end),
    )
    return Waterfall(False, lanes, _ticks(end))


def timelines(measurement: Measurement, name: str) -> tuple[Timeline, Timeline] | None:
    """The first traced request of each side of the view that the measurement calls `name`, if both are there."""
    sides: dict[Side, Timeline] = {}
    for timeline in measurement.timelines:
        if timeline.view == name:
            sides.setdefault(timeline.side, timeline)
    if len(sides) < 2:
        return None
    return sides["before"], sides["after"]


def _last(timeline: Timeline) -> float:
    return max((timeline.total_ms, *(span.end_ms for span in timeline.spans), 0.001))


def colour_of(kind: str) -> Colour:
    """The colour of an operation's kind, a traced one's or a predicted one's."""
    return _COLOURS.get(kind, "other")


def _traced(timeline: Timeline, end: float) -> Lane:
    bars = tuple(
        Bar(
            span.label,
            colour_of(span.kind),
            span.start_ms,
            span.end_ms,
            *_extent(span.start_ms, span.end_ms, end),
            failed=span.failed,
            behind=span.end_ms > timeline.total_ms,
        )
        for span in timeline.spans
    )
    return Lane(timeline.side, timeline.total_ms, timeline.total_ms / end * 100, bars)


def _predicted(side: Side, spans: Iterable[PredictedSpan], total: float, end: float) -> Lane:
    bars = tuple(
        Bar(
            _told(span),
            colour_of(span.kind),
            span.start_ms,
            span.end_ms,
            *_extent(span.start_ms, span.end_ms, end),
        )
        for span in spans
    )
    return Lane(side, total, total / end * 100, bars)


def _told(span: PredictedSpan) -> str:
    return span.label if span.times == 1 else f"{span.label} \N{MULTIPLICATION SIGN}{span.times:,}"


def _extent(start: float, stop: float, end: float) -> tuple[float, float]:
    return start / end * 100, (stop - start) / end * 100


def _ticks(end: float) -> tuple[Tick, ...]:
    step = _round_step(end / _TICKS)
    return tuple(
        Tick(index * step, index * step / end * 100) for index in range(int(end / step) + 1)
    )


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below `least`."""
    power = float(10 ** math.floor(math.log10(least)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)
