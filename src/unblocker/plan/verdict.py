"""The verdict on a view: convert, bridge or leave, each with a code and a reason that a person can check."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from unblocker import catalog
from unblocker.plan.conversion import Conversion
from unblocker.records.places import Place
from unblocker.records.plan import Reason, Span, Verdict, ViewPlan
from unblocker.records.survey import OperationKind, View

FEW = 2
"""Queries up to which a view that does nothing else is left: converting costs more than it saves."""

OUTBOUND: frozenset[OperationKind] = frozenset({"http", "storage"})
"""Kinds that hold a synchronous worker's thread for long, for somebody else's sake."""

NOUNS: dict[OperationKind, tuple[str, str]] = {
    "query": ("query", "queries"),
    "http": ("outbound call", "outbound calls"),
    "mail": ("mail", "mails"),
    "storage": ("storage call", "storage calls"),
    "cache": ("cache call", "cache calls"),
    "subprocess": ("subprocess", "subprocesses"),
    "sleep": ("sleep", "sleeps"),
    "cpu": ("computation", "computations"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and why."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


def preset(view: View) -> Judged | None:
    """The verdict where the kind of view decides it alone."""
    match view.kind:
        case "admin":
            return leave("U201", "the admin is Django's own and is not asynchronous", view)
        case "third-party":
            return leave("U202", "it belongs to an installed package", view)
        case "unreadable":
            return leave("U203", "its source could not be read", view)
        case _:
            return None


def judge(
    view: View, conversion: Conversion, before: tuple[Span, ...], *, overlaps: bool
) -> Judged:
    """The verdict on a view with source, from its conversion and what it does when served synchronously.

    `overlaps` says whether anything in it or in its helpers would run at the same time.
    """
    already = with_code(conversion, "U207")
    if already and already.place == conversion.plan.place:
        return leave("U207", already.text, view)
    counts = counted(span for span in before if not is_login(span))
    if counts["cpu"] and counts.total() - counts["cpu"] <= FEW:
        return leave("U205", f"{told(counts)}: it computes more than it waits", view)
    if not counts:
        return nothing_known(view, conversion)
    if set(counts) <= {"query", "cache"} and counts.total() <= FEW:
        return leave("U206", f"{told(counts)}: converting would cost more than it saves", view)
    gains = gains_of(conversion, counts, eased_of(before), view, overlaps=overlaps)
    if not gains and not _is_inherited(conversion):
        return no_gain(view, counts, before)
    if conversion.impediments:
        return impeded(view, conversion)
    return Judged("convert", gains)


def nothing_known(view: View, conversion: Conversion) -> Judged:
    """The verdict on a view in which no I/O was found: it does none, or it is not known what a call does."""
    if unknown := with_code(conversion, "U214"):
        text = f"{unknown.text}; there is nothing else to gain by"
        return Judged("leave", (Reason("U214", text, unknown.place),))
    return leave("U204", "it does no I/O", view)


def no_gain(view: View, counts: Counter[OperationKind], before: tuple[Span, ...]) -> Judged:
    """The verdict on a view that does I/O and would not become faster."""
    stuck = [span for span in before if not is_login(span) and is_sync_only(span)]
    if stuck and counts["query"] + counts["cache"] <= FEW:
        text = f"{told(counts)}: {stuck[0].label} has no asynchronous form"
        return leave("U210", text, view)
    if counts.total() == 1:
        return leave("U209", f"{told(counts)}: there is nothing that could overlap with it", view)
    return leave("U209", f"{told(counts)}: each needs the one before, or must not pass it", view)


def is_sync_only(span: Span) -> bool:
    """Whether the library has no asynchronous form of it: at best it waits in another thread."""
    entry = catalog.find_entry(span.entry)
    waits = span.kind not in ("query", "cache")
    return waits and entry is not None and entry.form in (None, "offload")


def with_code(conversion: Conversion, code: str) -> Reason | None:
    """The first impediment with this code."""
    return next((one for one in conversion.impediments if one.code == code), None)


def _is_inherited(conversion: Conversion) -> bool:
    """Whether the order of its I/O is that of a class-based view's methods: what could overlap is not worked out."""
    return any(one.code in ("U430", "U431") for one in conversion.impediments)


def eased_of(before: tuple[Span, ...]) -> Counter[OperationKind]:
    """The outbound calls that would no longer hold a thread.

    One that only moves to another thread gains nothing by itself: it counts where there is other I/O around it.
    """
    calls = [
        (span, entry.form)
        for span in before
        if span.kind in OUTBOUND and (entry := catalog.find_entry(span.entry))
    ]
    eased = counted(span for span, form in calls if form == "function")
    moved = counted(span for span, form in calls if form == "offload")
    own = counted(span for span in before if not is_login(span))
    return eased if own == moved else eased + moved


def counted(spans: Iterable[Span]) -> Counter[OperationKind]:
    """How many operations of each kind."""
    counts: Counter[OperationKind] = Counter()
    for span in spans:
        counts[span.kind] += span.times
    return counts


def unread(view: View) -> Judged:
    """The verdict on a view of the project in which no function was found to read."""
    if view.problems:
        first = view.problems[0]
        return Judged("leave", (Reason(first.code, first.text, first.place or view.place),))
    return leave("U208", "a class in which no method that answers a request was found", view)


def is_login(span: Span) -> bool:
    """Reading the session and the user: nearly every view does, and no view can do anything about it."""
    return span.entry.startswith(("django_auth.", "django_sessions."))


def impeded(view: View, conversion: Conversion) -> Judged:
    """It would gain but cannot be rewritten safely: the runtime serves it as it is."""
    first = conversion.impediments[0]
    reason = Reason("U301", f"not rewritten, served by the runtime: {first.text}", view.place)
    return Judged("bridge", (reason, *conversion.impediments))


def stays_synchronous(view: View, planned: ViewPlan) -> Judged:
    """The verdict on a view that was to be bridged, in whose synchronous code reads can overlap."""
    counts = counted(span for span in planned.prediction.before if not is_login(span))
    why = planned.reasons[1:]
    text = f"its code stays synchronous: {why[0].text}" if why else "its code stays synchronous"
    gain = Reason("U101", f"{told(counts)}, some of them independent", view.place)
    return Judged("convert", (gain, Reason("U530", text, view.place), *why))


def unchosen(view: View) -> Judged:
    """It would gain and could be rewritten, but not in this run, which was asked for other views."""
    return leave("U542", "it was not selected", view)


def refusal(view: View) -> Judged:
    """It would gain and could be rewritten, but was not proven to do what it did: the runtime serves it as it is."""
    reason = Reason("U301", "not rewritten, served by the runtime: not proven", view.place)
    why = Reason("U219", "verify did not find its conversion to be the same", view.place)
    return Judged("bridge", (reason, why))


def called_by_sync(view: View, caller: Place) -> Judged:
    """It would gain and could be rewritten, but code that stays synchronous calls it and would get a coroutine."""
    reason = Reason(
        "U301", "not rewritten, served by the runtime: it is called by name", view.place
    )
    text = f"{caller} calls it synchronously and would get a coroutine instead of a response"
    return Judged("bridge", (reason, Reason("U520", text, caller)))


def shared_with_sync(view: View, why: Reason) -> Judged:
    """It would gain and could be rewritten, but a class that stays synchronous has a handler in common with it."""
    text = f"not rewritten, served by the runtime: {why.text}"
    return Judged("bridge", (Reason("U301", text, view.place), why))


def gains_of(
    conversion: Conversion,
    counts: Counter[OperationKind],
    eased: Counter[OperationKind],
    view: View,
    *,
    overlaps: bool,
) -> tuple[Reason, ...]:
    """What converting brings, the largest first."""
    reasons = []
    if overlaps:
        reasons.append(Reason("U101", f"{told(counts)}, some of them independent", view.place))
    if eased:
        text = f"{told(eased)} would no longer hold a thread"
        reasons.append(Reason("U102", text, view.place))
    if any(one.code == "U501" for one in conversion.accepted):
        reasons.append(Reason("U103", "mail leaves the response's path", view.place))
    return tuple(reasons)


def told(counts: Counter[OperationKind]) -> str:
    """`3 queries and 1 outbound call`."""
    parts = [
        f"{count} {NOUNS[kind][count != 1]}"
        for kind, count in counts.items()
        if count and kind in NOUNS
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def leave(code: str, text: str, view: View) -> Judged:
    """The view stays as it is."""
    return Judged("leave", (Reason(code, text, view.place),))
