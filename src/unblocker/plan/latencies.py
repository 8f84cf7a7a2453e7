"""How long an operation takes: as it was measured at its place, else in its view, else elsewhere, else as assumed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import InitVar, dataclass, field

from unblocker.config import Costs
from unblocker.records.places import Place
from unblocker.records.plan import Basis, Traffic
from unblocker.records.recording import OperationTimes, RecordedView, Recording
from unblocker.records.survey import Operation, OperationKind, Survey, View


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds, and what they rest on."""

    milliseconds: float
    basis: Basis


@dataclass(slots=True)
class Measured:
    """Operations whose times say something of production, found by kind, file and line."""

    times: InitVar[Iterable[OperationTimes]] = ()
    _of_kind: dict[OperationKind, list[OperationTimes]] = field(
        init=False, default_factory=lambda: defaultdict(list)
    )
    _in_file: dict[tuple[OperationKind, str], list[OperationTimes]] = field(
        init=False, default_factory=lambda: defaultdict(list)
    )
    _typical: dict[OperationKind, float | None] = field(init=False, default_factory=dict)

    def __post_init__(self, times: Iterable[OperationTimes]) -> None:
        for one in times:
            if one.telling:
                self._of_kind[one.kind].append(one)
                self._in_file[one.kind, one.place.file if one.place else ""].append(one)

    def at(self, kind: OperationKind, place: Place) -> list[OperationTimes]:
        """Those at the lines of that place."""
        found = self._in_file.get((kind, place.file), ())
        return [
            one for one in found if one.place and place.line <= one.place.line <= place.end_line
        ]

    def typical(self, kind: OperationKind) -> float | None:
        """The median of all of the kind; None where there are none."""
        if kind not in self._typical:
            self._typical[kind] = typical(self._of_kind.get(kind, ()))
        return self._typical[kind]


@dataclass(slots=True)
class Latencies:
    """The cost model, and the recording of the surveyed project where there is one.

    A place counts only in a file that has not changed since the recording: its lines may have moved.
    """

    costs: Costs
    survey: Survey
    recording: Recording | None = None
    _all: Measured = field(init=False, default_factory=Measured)
    _names: frozenset[str] = field(init=False, default=frozenset())
    _routes: Counter[str] = field(init=False, default_factory=Counter)
    _unchanged: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        if self.recording is None:
            return
        self._names = frozenset(view.id for view in self.survey.views)
        for view in self.survey.views:
            self._routes.update({route.pattern for route in view.routes})
        files = set(self.survey.files) & set(self.recording.files)
        self._unchanged = frozenset(file.path for file in files)
        self._all = Measured(operations_of(self.recording.views))

    def of_view(self, view: View) -> "ViewLatencies":
        """Those that hold in this view."""
        recorded = self.recorded(view)
        requests = sum(one.requests for one in recorded)
        own = Measured(operations_of(recorded))
        return ViewLatencies(self.costs, own, self._all, requests, self._unchanged)

    def traffic(self, view: View) -> Traffic | None:
        """How often the view was requested, by tests only where no server was recorded; None without a recording."""
        if self.recording is None:
            return None
        served = any(one.served for one in self.recording.views)
        counts = [
            (one.median_ms, one.served if served else one.requests) for one in self.recorded(view)
        ]
        return Traffic(sum(count for _, count in counts), weighted_median(counts) or 0.0)

    def recorded(self, view: View) -> list[RecordedView]:
        """The view in the recording: under its name, or at a route that is its alone under a name that no view has."""
        views = self.recording.views if self.recording else ()
        routes = {route.pattern for route in view.routes if self._routes[route.pattern] == 1}
        return [
            one
            for one in views
            if one.view == view.id or (one.view not in self._names and one.route in routes)
        ]


@dataclass(frozen=True, slots=True)
class ViewLatencies:
    """The latencies in one view: its `own` measured ones in so many `requests`, and those of `all` views."""

    costs: Costs
    own: Measured = field(default_factory=Measured)
    all: Measured = field(default_factory=Measured)
    requests: int = 0
    unchanged: frozenset[str] = frozenset()

    def of(self, kind: OperationKind, place: Place | None = None) -> Latency:
        """How long an operation of this kind takes; nothing for kinds that are made of others."""
        assumed = self.costs.of(kind)
        if not assumed:
            return Latency(0.0, "assumed")
        at_place = self._at(self.own, kind, place) or self._at(self.all, kind, place)
        measured = typical(at_place) if at_place else self.own.typical(kind)
        if measured is not None:
            return Latency(measured, "measured")
        elsewhere = self.all.typical(kind)
        return Latency(assumed, "assumed") if elsewhere is None else Latency(elsewhere, "typical")

    def turns(self, operations: Iterable[Operation], outer: int) -> int:
        """How many turns a loop makes: as often as the most frequent of its operations was seen in a request.

        `outer` is how often the loop itself is come to. Where none of them was seen it is the cost model's number.
        """
        counts = [
            sum(one.count for one in self._at(self.own, operation.kind, operation.place))
            for operation in operations
        ]
        if not any(counts):
            return self.costs.loop_turns
        return max(1, round(max(counts) / self.requests / outer))

    def _at(
        self, measured: Measured, kind: OperationKind, place: Place | None
    ) -> list[OperationTimes]:
        if place is None or place.file not in self.unchanged:
            return []
        return measured.at(kind, place)


def operations_of(views: Iterable[RecordedView]) -> Iterator[OperationTimes]:
    """The operations of all these views."""
    return (one for view in views for one in view.operations)


def typical(times: Iterable[OperationTimes]) -> float | None:
    """The median, each place's own median counted as often as the operation was made; None of nothing."""
    return weighted_median((one.median_ms, one.count) for one in times)


def weighted_median(values: Iterable[tuple[float, int]]) -> float | None:
    """The median of values that each stand for so many; None of nothing."""
    ordered = sorted(values)
    left = sum(number for _, number in ordered) / 2
    for value, number in ordered:
        left -= number
        if left <= 0:
            return value
    return None
