"""The codes that a report's records mention."""

from collections.abc import Iterator

from unblocker.records.evidence import ViewEvidence
from unblocker.records.plan import ViewPlan
from unblocker.records.report import Report


def codes_in(report: Report) -> tuple[str, ...]:
    """Every code of a reason, problem, accepted change, difference or note, each once, in order."""
    return tuple(sorted(set(_codes(report))))


def _codes(report: Report) -> Iterator[str]:
    if report.survey:
        yield from (problem.code for problem in report.survey.problems)
        for view in report.survey.views:
            yield from (problem.code for problem in view.problems)
    if report.plan:
        for plan in report.plan.views:
            yield from _plan_codes(plan)
    if report.changeset:
        yield from (problem.code for problem in report.changeset.problems)
    if report.evidence:
        for evidence in report.evidence.views:
            yield from _evidence_codes(evidence)


def _plan_codes(plan: ViewPlan) -> Iterator[str]:
    yield from (reason.code for reason in plan.reasons)
    yield from (change.code for change in plan.accepted)


def _evidence_codes(evidence: ViewEvidence) -> Iterator[str]:
    yield from (difference.code for difference in evidence.differences)
    yield from (change.code for change in evidence.accepted)
    yield from (note.code for note in evidence.notes)
    yield from (exclusion.code for exclusion in evidence.exclusions)
