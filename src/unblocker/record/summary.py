"""From requests, one after the other, to what is known of each view; holds durations and a few whole requests only."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from unblocker.records.places import Place
from unblocker.records.recording import (
    SERVERS,
    OperationTimes,
    RecordedOperation,
    RecordedRequest,
    RecordedView,
)
from unblocker.records.survey import OperationKind

SAMPLES = 10
"""Whole requests that are kept per view and method."""

SERVER_ERROR = 500

type _Key = tuple[OperationKind, Place | None]
type _Durations = array[float]


def _durations() -> _Durations:
    return array("d")


@dataclass(slots=True)
class _Operations:
    """Operations of one kind at one place; the durations of those that tell nothing apart."""

    served: _Durations = field(default_factory=_durations)
    tested: _Durations = field(default_factory=_durations)
    idle: _Durations = field(default_factory=_durations)
    labels: Counter[str] = field(default_factory=Counter)
    tables: dict[str, None] = field(default_factory=dict)

    def add(self, operation: RecordedOperation, *, served: bool) -> None:
        """Count one of a request to a server, or of a test's."""
        if operation.stand_in or operation.failed:
            self.idle.append(operation.duration_ms)
        else:
            (self.served if served else self.tested).append(operation.duration_ms)
        self.labels[operation.label] += 1
        self.tables.update(dict.fromkeys(operation.tables))

    def told(self, kind: OperationKind, place: Place | None) -> OperationTimes:
        """The record."""
        durations = self.served or self.tested or self.idle
        return OperationTimes(
            kind=kind,
            label=self.labels.most_common(1)[0][0],
            count=self.labels.total(),
            median_ms=round(median(durations), 3),
            total_ms=round(sum(durations), 3),
            place=place,
            tables=tuple(self.tables),
            telling=bool(self.served or self.tested),
        )


@dataclass(slots=True)
class _View:
    """All requests of one view at one route."""

    requests: int = 0
    of_servers: int = 0
    failed: int = 0
    served: _Durations = field(default_factory=_durations)
    tested: _Durations = field(default_factory=_durations)
    operations: dict[_Key, _Operations] = field(default_factory=dict)

    def add(self, request: RecordedRequest) -> None:
        """Count one."""
        served = request.entrance in SERVERS
        self.requests += 1
        self.of_servers += served
        if request.duration_ms is not None:
            (self.served if served else self.tested).append(request.duration_ms)
            self.failed += request.status is None or request.status >= SERVER_ERROR
        for operation in request.operations:
            key = operation.kind, operation.place
            self.operations.setdefault(key, _Operations()).add(operation, served=served)

    def told(self, name: str, route: str | None) -> RecordedView:
        """The record, its dearest operations first."""
        operations = [one.told(*key) for key, one in self.operations.items()]
        durations = self.served or self.tested
        return RecordedView(
            view=name,
            route=route,
            requests=self.requests,
            served=self.of_servers,
            failed=self.failed,
            unfinished=self.requests - len(self.served) - len(self.tested),
            median_ms=round(median(durations), 3) if durations else 0.0,
            slowest_ms=max(durations, default=0.0),
            total_ms=round(sum(durations), 3),
            operations=tuple(sorted(operations, key=lambda one: -one.total_ms)),
        )


@dataclass(slots=True)
class Summary:
    """Everything counted so far.

    Attributes:
        samples: the first whole requests of each view and method, in the order they came.
        unrouted: requests that no route matched.
    """

    samples: list[RecordedRequest] = field(default_factory=list)
    unrouted: int = 0
    _views: dict[tuple[str, str | None], _View] = field(default_factory=dict)
    _sampled: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, requests: Iterable[RecordedRequest]) -> None:
        """Count them."""
        for request in requests:
            if request.view is None:
                self.unrouted += 1
                continue
            self._views.setdefault((request.view, request.route), _View()).add(request)
            self._sampled[request.view, request.method] += 1
            if self._sampled[request.view, request.method] <= SAMPLES:
                self.samples.append(request)

    def views(self) -> tuple[RecordedView, ...]:
        """The views, the most requested first."""
        told = (view.told(*key) for key, view in self._views.items())
        return tuple(sorted(told, key=lambda one: (-one.requests, one.view, one.route or "")))
