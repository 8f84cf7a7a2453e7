"""Which tests are run, on stock and on ours, to compare all: running the whole on both takes its time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.django_suite import outcomes
from tools.django_suite.outcomes import Outcome
from tools.django_suite.runs import Run

type Both = tuple[Mapping[str, Outcome], Mapping[str, Outcome]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have the outcomes on both.

    Attributes:
        run: returns the outcomes on stock and on ours, of a run of ours with labels.
        note: what to know of the result.
    """

    run: Callable[[Run, Sequence[str]], Both]
    note: str = ""


def _stock(ours: Run) -> Run:
    return replace(ours, mode="stock")


def _both(ours: Run, labels: Sequence[str]) -> Both:
    return _stock(ours).outcomes(labels), ours.outcomes(labels)


def _doubtful(ours: Run, labels: Sequence[str]) -> Both:
    found = ours.outcomes(labels)
    passed = {test: outcome for test, outcome in found.items() if outcome.word == "passed"}
    doubtful = [outcomes.label(test) for test in found.keys() - passed.keys()]
    asked = replace(_stock(ours), processes=1).outcomes(doubtful) if doubtful else {}
    return {**passed, **asked}, found


def _ours(ours: Run, labels: Sequence[str]) -> Both:
    return _stock(ours).recorded(), ours.outcomes(labels)


def _differing(ours: Run, _labels: Sequence[str]) -> Both:
    expected, found = _stock(ours).recorded(), ours.recorded()
    differing = [outcomes.label(each.test) for each in outcomes.differences(expected, found)]
    if not differing:
        return expected, found
    again = replace(ours, folder=ours.folder / "again", processes=1)
    return (
        {**expected, **_stock(again).outcomes(differing)},
        {**found, **again.outcomes(differing)},
    )


WAYS = {
    "both": Way(_both),
    "doubtful": Way(
        _doubtful,
        "Stock ran only the tests that did not simply pass on ours; the others count as passed.",
    ),
    "ours": Way(_ours, "The outcomes on stock are those of its last run."),
    "differing": Way(
        _differing, "What differed in the last run was run again, on both, at this commit."
    ),
}
