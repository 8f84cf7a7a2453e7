"""One row per view of a survey: what it does, what is to be done with it, and where it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from unblocker.records.places import Place
from unblocker.records.plan import Verdict, ViewPlan
from unblocker.records.report import Surveyed
from unblocker.records.survey import Problem, View
from unblocker.report.names import short_names
from unblocker.report.surveyed.reach import Reach, reach_of
from unblocker.report.surveyed.reached import Reached, Tally
from unblocker.report.surveyed.wording import does

VERDICTS: tuple[Verdict, ...] = ("convert", "bridge", "leave")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Row:
    """One view.

    Attributes:
        name: the shortest that tells it from the project's other views.
        operations: all that it does, in program order.
        problems: what could not be read or understood of it.
        files: the files that its code stands in.
    """

    view: View
    plan: ViewPlan
    name: str
    tally: Tally
    operations: tuple[Reached, ...]
    problems: tuple[Problem, ...]
    files: frozenset[str]

    @property
    def is_own(self) -> bool:
        """Whether it is the project's own, and not the admin's or a package's."""
        return self.view.kind not in ("admin", "third-party")

    @property
    def code(self) -> str:
        """The first reason's code."""
        return self.plan.reasons[0].code if self.plan.reasons else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, each once."""
        return tuple(dict.fromkeys(reason.code for reason in self.plan.reasons))

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes' patterns, each with a slash before it."""
        return tuple(f"/{route.pattern.lstrip('/')}" for route in self.view.routes)

    @property
    def per_row(self) -> tuple[str, ...]:
        """The queries and calls that its templates make for each row that they show: N+1."""
        return tuple(dict.fromkeys(one.label for one in self.operations if one.per_row))

    @property
    def does(self) -> str:
        """What it does, in a few words."""
        return does(self.tally, self.per_row)

    @property
    def place(self) -> Place | None:
        """Where its code stands."""
        return self.plan.place or self.view.place


def rows(surveyed: Surveyed) -> tuple[Row, ...]:
    """A row for each view, in the survey's order."""
    plans = {plan.view: plan for plan in surveyed.plan.views}
    names = short_names(view.id for view in surveyed.survey.views)
    reach = reach_of(surveyed.survey)
    return tuple(
        _row(view, plans[view.id], names[view.id], reach) for view in surveyed.survey.views
    )


def with_verdict(found: Iterable[Row], verdict: Verdict) -> tuple[Row, ...]:
    """Those of the rows that have the verdict."""
    return tuple(row for row in found if row.plan.verdict == verdict)


def _row(view: View, plan: ViewPlan, name: str, reach: Reach) -> Row:
    operations = reach.of(view)
    return Row(
        view=view,
        plan=plan,
        name=name,
        tally=reach.tally(view, operations),
        operations=operations,
        problems=view.problems,
        files=reach.files(view),
    )
