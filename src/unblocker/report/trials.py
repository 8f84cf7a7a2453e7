"""The trials that a proof rests on, told in words."""

from collections.abc import Iterator

from unblocker.records.evidence import Evidence, Trials
from unblocker.report.figures import plural


def trials_told(evidence: Evidence) -> Iterator[str]:
    """Lines about all of them; none where there were none."""
    if evidence.trials.total:
        yield f"Made again, from the same state: {told(evidence.trials)}."
    if evidence.trials.cut_short:
        yield "The time allowed was over before all trials were made."


def told(trials: Trials) -> str:
    """How many of each kind."""
    parts = (
        (trials.schedules, "in {} of completion", "order", "orders"),
        (trials.faults, "with {}", "operation failing", "operations failing"),
        (trials.departures, "with {} before the end", "client leaving", "clients leaving"),
    )
    return ", ".join(
        text.format(plural(number, one, many)) for number, text, one, many in parts if number
    )
