"""The options that say which views `survey` shows, in which order, and which of them `convert` rewrites."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from unblocker.records.plan import Verdict
from unblocker.records.report import Surveyed
from unblocker.report.surveyed.rows import VERDICTS
from unblocker.report.surveyed.selection import Selection, Shown, Sort, app_labels, select

APP = click.option(
    "--app", "apps", metavar="LABEL", multiple=True, help="Only views of this app; repeatable."
)
VIEW = click.option(
    "--view",
    "views",
    metavar="PATTERN",
    multiple=True,
    help="Only views of this name or route name, with * and ?; repeatable.",
)
_OPTIONS = (
    click.option(
        "--sort",
        type=click.Choice(["gain", "name", "route"]),
        default="gain",
        help="The order of the views with one verdict; what would save most comes first by default.",
    ),
    APP,
    VIEW,
    click.option(
        "--verdict",
        "verdicts",
        type=click.Choice(VERDICTS),
        multiple=True,
        help="Only views with this verdict; repeatable.",
    ),
)


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--sort`, `--app`, `--view` and `--verdict`; the command gets them as one `selection`."""

    @wraps(command)
    def selecting(
        *,
        sort: Sort,
        apps: tuple[str, ...],
        views: tuple[str, ...],
        verdicts: tuple[Verdict, ...],
        **others: Any,
    ) -> None:
        command(selection=Selection(sort, apps, views, verdicts), **others)

    wrapped: Callable[..., None] = selecting
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def chosen(surveyed: Surveyed, selection: Selection) -> Shown:
    """What is selected of a survey.

    Raises:
        click.BadParameter: the project has no such app, or no view fits the patterns.
    """
    labels = app_labels(surveyed)
    for app in selection.apps:
        if app not in labels:
            raise click.BadParameter(f"there is no app {app}; there are {', '.join(labels)}")
    shown = select(surveyed, selection)
    if selection.views and not shown.rows:
        raise click.BadParameter(f"no view fits {' or '.join(selection.views)}")
    return shown
