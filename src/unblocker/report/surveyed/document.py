"""A survey as one JSON document whose shape is versioned: docs/survey.schema.json."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import msgspec

from unblocker.records.codec import to_json
from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Accepted, Reason, Verdict
from unblocker.records.survey import OperationKind, Problem, Project, Route, ViewKind
from unblocker.report.figures import division
from unblocker.report.surveyed.reached import Reached
from unblocker.report.surveyed.rows import Row
from unblocker.report.surveyed.selection import Shown
from unblocker.report.surveyed.wording import NOUNS

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Amount:
    """How many operations of a kind a view has in all its code; `repeated` of them run once per turn or row."""

    kind: OperationKind
    total: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Gain:
    """Predicted milliseconds of a request's I/O: one after the other, and as the plan overlaps it.

    `saved_in_all_ms` is over all `requests` of the recording; without one `requests` is null, and it is one request's.
    """

    before_ms: float
    after_ms: float
    saved_ms: float
    ratio: float | None
    basis: Literal["measured", "partly measured", "assumed"]
    requests: int | None
    saved_in_all_ms: float


@dataclass(frozen=True, slots=True)
class ViewDocument:
    """One view; `operations` are in program order, those of a helper or template behind it and one deeper."""

    view: str
    name: str
    kind: ViewKind
    own: bool
    verdict: Verdict
    reasons: tuple[Reason, ...]
    gain: Gain
    amounts: tuple[Amount, ...]
    operations: tuple[Reached, ...]
    routes: tuple[Route, ...]
    place: Place | None
    accepted: tuple[Accepted, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What `survey --format json` writes; `version` changes when a field goes or means something else."""

    version: Literal[1]
    tool: str
    project: Project
    seconds: float
    lines: int
    views: tuple[ViewDocument, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def document(shown: Shown) -> str:
    """The selected views, findings and problems as JSON text, ending in a newline."""
    survey = shown.surveyed.survey
    made = Document(
        version=VERSION,
        tool=version("django-unblock"),
        project=survey.project,
        seconds=round(shown.surveyed.seconds, 3),
        lines=shown.surveyed.lines,
        views=tuple(map(_view, shown.rows)),
        findings=shown.findings,
        problems=shown.problems,
    )
    return to_json(made).decode()


def schema() -> dict[str, object]:
    """The JSON schema of the document; what its fields mean is in the docs."""
    shapes = msgspec.json.schema(Document)
    for shape in shapes["$defs"].values():
        shape.pop("description", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **shapes}


def _view(row: Row) -> ViewDocument:
    return ViewDocument(
        view=row.view.id,
        name=row.name,
        kind=row.view.kind,
        own=row.is_own,
        verdict=row.plan.verdict,
        reasons=row.plan.reasons,
        gain=_gain(row),
        amounts=tuple(_amounts(row)),
        operations=row.operations,
        routes=row.view.routes,
        place=row.place,
        accepted=row.plan.accepted,
        problems=row.problems,
    )


def _gain(row: Row) -> Gain:
    prediction, traffic = row.plan.prediction, row.plan.traffic
    return Gain(
        before_ms=prediction.before_ms,
        after_ms=prediction.after_ms,
        saved_ms=prediction.saved_ms,
        ratio=division(prediction.before_ms, prediction.after_ms),
        basis=prediction.basis,
        requests=traffic.requests if traffic else None,
        saved_in_all_ms=row.plan.saved_in_all_ms,
    )


def _amounts(row: Row) -> Iterator[Amount]:
    for kind in NOUNS:
        if row.tally.total[kind]:
            yield Amount(kind, row.tally.total[kind], row.tally.repeated[kind])
