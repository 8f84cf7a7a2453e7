"""What a view does, and what it would gain, in a few words."""

from collections.abc import Iterable, Sequence

from unblocker.records.plan import ViewPlan
from unblocker.records.survey import OperationKind
from unblocker.report.figures import division, milliseconds, plural, ratio
from unblocker.report.surveyed.reached import Tally

NOUNS: dict[OperationKind, tuple[str, ...]] = {
    "query": ("query", "queries"),
    "http": ("HTTP call",),
    "mail": ("mail",),
    "storage": ("storage call",),
    "cache": ("cache call",),
    "subprocess": ("subprocess", "subprocesses"),
    "sleep": ("sleep",),
    "cpu": ("computation",),
    "template": ("template",),
    "transaction": ("transaction",),
    "helper": ("unknown call",),
}
"""In the order in which they are told. What of `helper` is not followed into the project's code is unknown."""

NAMES = 3
"""Names that are told of what is fetched per row."""


def does(tally: Tally, per_row: Iterable[str] = ()) -> str:
    """`4 queries (1 in a loop), 1 HTTP call, 1 template, N+1: Order.customer`; empty where it does nothing."""
    parts = [_counted(tally, kind) for kind in NOUNS if tally.total[kind]]
    if names := tuple(dict.fromkeys(per_row)):
        parts.append(f"N+1: {some(names, NAMES)}")
    return ", ".join(parts)


def some(names: Sequence[str], most: int) -> str:
    """`a, b and 3 more`: the first of the names, and how many there are beyond."""
    rest = len(names) - most
    told = ", ".join(names[:most])
    return f"{told} and {rest} more" if rest > 0 else told


def _counted(tally: Tally, kind: OperationKind) -> str:
    text = plural(tally.total[kind], *NOUNS[kind])
    repeated = tally.repeated[kind]
    if not repeated:
        return text
    number = "" if repeated == tally.total[kind] else f"{repeated} "
    return f"{text} ({number}in a loop)"


def predicted(plan: ViewPlan) -> str:
    """`420 → 130 ms`, the sum and the critical path; one figure where they are the same, nothing without I/O."""
    before, after = map(milliseconds, (plan.prediction.before_ms, plan.prediction.after_ms))
    if not plan.prediction.before_ms:
        return ""
    return f"{before} ms" if before == after else f"{before} → {after} ms"


def gain(plan: ViewPlan) -> str:
    """`3.2x`; empty where the prediction says that nothing becomes shorter."""
    prediction = plan.prediction
    told = ratio(division(prediction.before_ms, prediction.after_ms))
    return "" if plan.verdict == "leave" or told in ("1.0x", "-") else told
