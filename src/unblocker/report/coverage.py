"""What of the converted views' code the requests reached, told in words."""

from collections.abc import Iterator

from unblocker.records.evidence import Evidence, Reach, ViewEvidence
from unblocker.report.figures import plural

SHOWN = 8


def coverage_told(evidence: Evidence) -> Iterator[str]:
    """A line for each view of which something was not reached, behind one about all of them; none without any."""
    covered = [view for view in evidence.views if view.coverage]
    if covered:
        yield f"Reached of the converted code: {reach_told(_all(covered))}."
    for view in covered:
        if view.coverage and view.coverage.before.missed:
            yield f"{view.view}: {reached_told(view.coverage.before)}"
        if view.coverage and view.coverage.after.missed:
            yield f"{view.view}, converted: {reached_told(view.coverage.after)}"


def reached_told(reach: Reach) -> str:
    """How much of one side's code, and the first few places that were not reached."""
    if not reach.missed:
        return reach_told(reach)
    more = len(reach.missed) - SHOWN
    rest = f", and {more} more" if more > 0 else ""
    return f"{reach_told(reach)}; not reached: {', '.join(reach.missed[:SHOWN])}{rest}"


def reach_told(reach: Reach) -> str:
    """How much of it, in numbers."""
    lines = f"{reach.lines_reached} of {plural(reach.lines, 'line')}"
    if not reach.branches:
        return lines
    return f"{lines}, {reach.branches_reached} of {plural(reach.branches, 'branch', 'branches')}"


def _all(views: list[ViewEvidence]) -> Reach:
    """The sum of the old sides; a helper counts for each view that it belongs to."""
    sides = [view.coverage.before for view in views if view.coverage]
    return Reach(
        sum(side.lines for side in sides),
        sum(side.lines_reached for side in sides),
        sum(side.branches for side in sides),
        sum(side.branches_reached for side in sides),
    )
