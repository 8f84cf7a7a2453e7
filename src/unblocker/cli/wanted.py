"""Which views `convert` is to rewrite: by app, by name, by what they would gain, or asked about one by one."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from unblocker.cli.selecting import APP, VIEW, chosen
from unblocker.records.plan import Plan
from unblocker.records.report import Surveyed
from unblocker.records.survey import Survey
from unblocker.report.surveyed.selection import Selection

_OPTIONS = (
    APP,
    VIEW,
    click.option(
        "--minimum-gain",
        "minimum_ms",
        type=click.FloatRange(min=0),
        metavar="MS",
        default=0.0,
        help="Only views that are predicted to save so many milliseconds a request.",
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked to convert: of what is selected, what would gain as much a request."""

    selection: Selection
    minimum_ms: float

    def unselected(self, survey: Survey, plan: Plan) -> Set[str]:
        """The views that would be converted and are not asked for.

        Raises:
            click.BadParameter: the project has no such app, or no view fits the patterns.
        """
        shown = chosen(Surveyed(survey, plan, 0.0), self.selection)
        asked = {
            row.view.id for row in shown.rows if row.plan.prediction.saved_ms >= self.minimum_ms
        }
        return set(converted(plan)) - asked


def wanted_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--app`, `--view` and `--minimum-gain`; the command gets them as one `wanted`."""

    @wraps(command)
    def wanting(
        *, apps: tuple[str, ...], views: tuple[str, ...], minimum_ms: float, **others: Any
    ) -> None:
        command(wanted=Wanted(Selection(apps=apps, views=views), minimum_ms), **others)

    wrapped: Callable[..., None] = wanting
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def converted(plan: Plan) -> Iterator[str]:
    """The views that the plan converts."""
    return (one.view for one in plan.views if one.verdict == "convert")
