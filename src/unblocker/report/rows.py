"""One row per view: what each stage says about it, side by side."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from unblocker.records.evidence import ViewEvidence
from unblocker.records.measurement import Measurement
from unblocker.records.places import Place
from unblocker.records.plan import Accepted, Prediction, Reason, Verdict, ViewPlan
from unblocker.records.report import Report
from unblocker.records.survey import View, ViewKind
from unblocker.report.figures import division, plural
from unblocker.report.names import resolve, short_names
from unblocker.report.pairs import Pair, pairs


@dataclass(frozen=True, slots=True)
class Row:
    """All that is known of one view; None or empty where a stage was not run or says nothing.

    Attributes:
        name: the shortest name that tells it from the report's other views.
        measured_as: what the measurement calls it.
        pairs: its runs before and after, fewest clients first.
    """

    view: str
    name: str
    kind: ViewKind | None = None
    place: Place | None = None
    routes: tuple[str, ...] = ()
    verdict: Verdict | None = None
    reasons: tuple[Reason, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    functions: tuple[str, ...] = ()
    prediction: Prediction | None = None
    evidence: ViewEvidence | None = None
    measured_as: str | None = None
    pairs: tuple[Pair, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the view is the project's own, and not the admin's or a package's."""
        if self.kind is None:
            return self.verdict is None or is_own(self.place)
        return self.kind not in ("admin", "third-party")

    @property
    def alone(self) -> Pair | None:
        """The runs with one client."""
        return next((pair for pair in self.pairs if pair.clients == 1), None)

    @property
    def crowd(self) -> Pair | None:
        """The runs with the most clients, where that is more than one."""
        return next((pair for pair in reversed(self.pairs) if pair.clients > 1), None)

    @property
    def predicted_speedup(self) -> float | None:
        """How many times shorter the plan expects the view's I/O to be; None where it stays."""
        if self.prediction is None or self.verdict == "leave":
            return None
        return division(self.prediction.before_ms, self.prediction.after_ms)

    @property
    def proof(self) -> str:
        """What verify found, in two or three words; empty where it did not look."""
        evidence = self.evidence
        if evidence is None:
            return ""
        if evidence.verdict == "same":
            return f"{evidence.requests:,} same"
        if evidence.verdict == "differs":
            return plural(len(evidence.differences), "differs", "differ")
        return evidence.verdict


@dataclass(frozen=True, slots=True)
class _Sources:
    """The records' parts by view id; `measured_as` gives the measurement's names for views."""

    surveyed: dict[str, View]
    planned: dict[str, ViewPlan]
    proven: dict[str, ViewEvidence]
    measured_as: dict[str, str]
    measurement: Measurement | None


def is_own(place: Place | None) -> bool:
    """Whether code at `place` is the project's own; code outside its root has an absolute path, or none."""
    return place is not None and not PurePosixPath(place.file).is_absolute()


def by_verdict(verdict: Verdict | None) -> int:
    """The key to sort by: what changes comes first."""
    return ("convert", "bridge", "leave", None).index(verdict)


def rows(report: Report) -> tuple[Row, ...]:
    """A row for every view that any record knows: the converted first, then the bridged, then the others.

    Within a verdict they keep the plan's order, then the survey's.
    """
    sources = _sources(report)
    views = dict.fromkeys(
        (*sources.planned, *sources.surveyed, *sources.proven, *sources.measured_as)
    )
    names = short_names(views)
    found = (_row(view, names[view], sources) for view in views)
    return tuple(sorted(found, key=lambda row: by_verdict(row.verdict)))


def _sources(report: Report) -> _Sources:
    surveyed = {view.id: view for view in report.survey.views} if report.survey else {}
    planned = {plan.view: plan for plan in report.plan.views} if report.plan else {}
    proven = {proof.view: proof for proof in report.evidence.views} if report.evidence else {}
    routes = {view: _route_names(surveyed.get(view)) for view in (*planned, *surveyed, *proven)}
    runs = report.measurement.runs if report.measurement else ()
    measured_as = {resolve(run.view, routes): run.view for run in runs}
    return _Sources(surveyed, planned, proven, measured_as, report.measurement)


def _row(view: str, name: str, sources: _Sources) -> Row:
    surveyed, planned = sources.surveyed.get(view), sources.planned.get(view)
    measured_as = sources.measured_as.get(view)
    return Row(
        view=view,
        name=name,
        kind=surveyed.kind if surveyed else None,
        place=(planned and planned.place) or (surveyed and surveyed.place) or None,
        routes=tuple(route.pattern for route in surveyed.routes) if surveyed else (),
        verdict=planned.verdict if planned else None,
        reasons=planned.reasons if planned else (),
        accepted=planned.accepted if planned else (),
        functions=planned.functions if planned else (),
        prediction=planned.prediction if planned else None,
        evidence=sources.proven.get(view),
        measured_as=measured_as,
        pairs=pairs(sources.measurement, measured_as)
        if sources.measurement and measured_as
        else (),
    )


def _route_names(view: View | None) -> tuple[str, ...]:
    return tuple(route.name for route in view.routes if route.name) if view else ()
