"""From the events that a traced app writes to the spans of a waterfall."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from unblocker.records.measurement import Span, SpanKind

# How the one who asks and the traced app find each other: a request header that gives a traced
# request its name, and variables for the application to serve and the file to write events to.
HEADER = "X-Unblock-Trace"
TARGET = "UNBLOCK_TRACE_TARGET"
FILE = "UNBLOCK_TRACE_FILE"

CONNECT = "connect"
AT_HAND_MS = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a traced request, `at_ms` after it began.

    `begin` has a kind, a label and perhaps a table; `end` and `failed` belong to the `begin` of the
    same number; `answered` has the status.
    """

    request: str
    at_ms: float
    number: int
    what: Literal["begin", "end", "failed", "answered"]
    kind: SpanKind = "sql"
    label: str = ""
    table: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Traced:
    """What the events tell about one request; `open` is how many spans have not ended yet."""

    status: int
    total_ms: float
    spans: tuple[Span, ...]
    open: int


def assemble(events: Iterable[Event], request: str) -> Traced | None:
    """The request's spans in order of their beginning; None as long as it is not answered.

    Getting a connection is left out where it took less than `AT_HAND_MS`: a pool had one.
    """
    own = [event for event in events if event.request == request]
    answers = [event for event in own if event.what == "answered"]
    if not answers:
        return None
    ends = {event.number: event for event in own if event.what in ("end", "failed")}
    begins = sorted(
        (event for event in own if event.what == "begin"), key=lambda event: event.at_ms
    )
    spans = [_span(begin, ends[begin.number]) for begin in begins if begin.number in ends]
    return Traced(
        answers[0].status,
        answers[0].at_ms,
        tuple(span for span in spans if not _is_at_hand(span)),
        open=len(begins) - len(spans),
    )


def _is_at_hand(span: Span) -> bool:
    return span.label == CONNECT and span.end_ms - span.start_ms < AT_HAND_MS


def _span(begin: Event, end: Event) -> Span:
    return Span(
        begin.kind,
        begin.label,
        begin.at_ms,
        end.at_ms,
        begin.table,
        failed=end.what == "failed",
    )
