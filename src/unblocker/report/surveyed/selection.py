"""Which views, findings and problems of a survey are shown, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Verdict
from unblocker.records.report import Surveyed
from unblocker.records.survey import Problem
from unblocker.report.surveyed.rows import VERDICTS, Row, rows, with_verdict

type Sort = Literal["gain", "name", "route"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for; empty means everything.

    Attributes:
        apps: labels of apps.
        views: patterns as in a shell, of a view's dotted path or the end of it, or of its route's name.
    """

    sort: Sort = "gain"
    apps: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.apps or self.views or self.verdicts)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a survey; rows are grouped by verdict."""

    surveyed: Surveyed
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def select(surveyed: Surveyed, selection: Selection) -> Shown:
    """The views that fit the selection, sorted, with the findings and problems in their files."""
    everything = rows(surveyed)
    apps = tuple(surveyed.survey.project.installed_apps)
    fitting = [row for row in everything if _fits(row, selection, apps)]
    fitting.sort(key=_KEYS[selection.sort])
    chosen = tuple(row for verdict in VERDICTS for row in with_verdict(fitting, verdict))
    survey = surveyed.survey
    if selection.is_everything:
        return Shown(surveyed, chosen, survey.findings, survey.problems)
    files = frozenset(file for row in chosen for file in row.files)
    findings = tuple(one for one in survey.findings if one.place.file in files)
    problems = tuple(one for one in survey.problems if _in(one.place, files))
    return Shown(surveyed, chosen, findings, problems)


def app_labels(surveyed: Surveyed) -> tuple[str, ...]:
    """The labels that `Selection.apps` may hold."""
    return tuple(_label(app) for app in surveyed.survey.project.installed_apps)


_KEYS: dict[Sort, Callable[[Row], tuple[float, float, str]]] = {
    "gain": lambda row: (-row.plan.saved_in_all_ms, -row.plan.prediction.before_ms, ""),
    "name": lambda row: (0, 0, row.name.lower()),
    "route": lambda row: (0, 0, row.routes[0] if row.routes else ""),
}


def _fits(row: Row, selection: Selection, apps: tuple[str, ...]) -> bool:
    if selection.verdicts and row.plan.verdict not in selection.verdicts:
        return False
    if selection.apps and _app(row.view.id, apps) not in selection.apps:
        return False
    return not selection.views or any(_matches(row, pattern) for pattern in selection.views)


def _matches(row: Row, pattern: str) -> bool:
    names = (row.view.id, row.name, *(route.name for route in row.view.routes if route.name))
    return any(fnmatchcase(name, each) for name in names for each in (pattern, f"*.{pattern}"))


def _app(view: str, apps: tuple[str, ...]) -> str | None:
    """The label of the app whose package the view's module lies in, the innermost where apps lie in each other."""
    around = [app for app in apps if view.startswith(f"{app}.")]
    return _label(max(around, key=len)) if around else None


def _label(app: str) -> str:
    return app.rpartition(".")[2]


def _in(place: Place | None, files: frozenset[str]) -> bool:
    return place is not None and place.file in files
