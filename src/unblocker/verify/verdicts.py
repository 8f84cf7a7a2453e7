"""Outcomes of single requests brought together: one verdict per view, each difference by its smallest request."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from unblocker.records.evidence import (
    NO_TRIALS,
    NO_VIEW,
    Aspect,
    Difference,
    Exclusion,
    ExclusionKind,
    Note,
    ViewEvidence,
    ViewVerdict,
)
from unblocker.records.plan import Accepted
from unblocker.records.traffic import Request
from unblocker.verify.coverage import Footprints
from unblocker.verify.findings import Finding
from unblocker.verify.job import ViewToVerify
from unblocker.verify.protocol import Located
from unblocker.verify.replay import Outcome
from unblocker.verify.visitors import ANONYMOUS


class ViewNames:
    """Knows the `View.id` that a request reached: by its URL pattern, else by its view's dotted path."""

    def __init__(self, views: Iterable[ViewToVerify]) -> None:
        self._by_id = {view.id: view for view in views}
        self._by_route = {route: view.id for view in self._by_id.values() for route in view.routes}

    def of(self, located: Located) -> str:
        """The view's id; `NO_VIEW` where no pattern matched."""
        if not located.view:
            return NO_VIEW
        if located.view in self._by_id:
            return located.view
        return self._by_route.get(located.route, located.view)


class Tally:
    """What the requests to one view have shown so far."""

    def __init__(self) -> None:
        self._counted: list[Outcome] = []
        self._found: dict[Aspect, list[tuple[Request, Finding]]] = {}
        self._skipped: dict[tuple[ExclusionKind, str], list[Request]] = {}
        self._notes: Counter[tuple[str, str]] = Counter()
        self._trials = NO_TRIALS
        self.footprints = Footprints()
        """What ran while requests were made that are counted."""

    def add(self, outcome: Outcome) -> None:
        """Take one request's outcome in."""
        self._notes.update(_notes(outcome))
        if outcome.skipped:
            key = (outcome.skipped.kind, outcome.skipped.text)
            self._skipped.setdefault(key, []).append(outcome.request)
            return
        self._counted.append(outcome)
        self._trials += outcome.trials
        self.footprints.join(outcome.footprints)
        for finding in outcome.findings:
            self._found.setdefault(finding.aspect, []).append((outcome.request, finding))

    @property
    def differs(self) -> bool:
        """Whether anything differed."""
        return bool(self._found)

    def evidence(self, view: str, accepted: tuple[Accepted, ...]) -> ViewEvidence:
        """The verdict and what it rests on."""
        requests = [outcome.request for outcome in self._counted]
        return ViewEvidence(
            view=view,
            verdict=self._verdict(),
            requests=len(requests),
            statuses=_ranked(str(outcome.status) for outcome in self._counted),
            methods=_ranked(request.method for request in requests),
            users=_ranked(request.as_user or ANONYMOUS for request in requests),
            differences=tuple(_difference(found) for found in self._found.values()),
            exclusions=tuple(
                Exclusion(kind, min(requests, key=_size), text, len(requests))
                for (kind, text), requests in self._skipped.items()
            ),
            notes=tuple(Note(code, text, times) for (code, text), times in self._notes.items()),
            accepted=accepted,
            trials=self._trials,
        )

    def _verdict(self) -> ViewVerdict:
        if self._found:
            return "differs"
        if self._counted:
            return "same"
        if any(kind == "not deterministic" for kind, _ in self._skipped):
            return "not deterministic"
        return "not exercised"


def _difference(found: list[tuple[Request, Finding]]) -> Difference:
    """The smallest request that shows it, one that needs no trial for that if there is one."""
    request, finding = min(found, key=lambda pair: (bool(pair[1].trial), _size(pair[0])))
    return Difference(
        finding.code,
        finding.aspect,
        finding.text,
        request,
        finding.before,
        finding.after,
        len(found),
        finding.trial,
    )


def _size(request: Request) -> tuple[int, str]:
    """Small requests are easy to make again: no user, no body, a short path."""
    data = msgspec.json.encode(request)
    return (len(data), data.decode())


def _notes(outcome: Outcome) -> Iterable[tuple[str, str]]:
    if outcome.went_ahead:
        yield (
            "U750",
            "reads were under way when an earlier operation failed; the old code had not begun them",
        )
    for address in outcome.blocked:
        yield "U751", f"a call to {address} was refused on both sides"
    for address in outcome.unwatched:
        yield (
            "U752",
            f"a connection to {address} was not through HTTP, and what it carried was not compared",
        )
    for host in outcome.without_timeout:
        yield "U756", f"a call to {host} has no timeout: it waits as long as that host says nothing"


def _ranked(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())
