"""What became of one app: its views, its tests, and what the conversion took."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.django_suite.outcomes import NOT_RUN, Outcome
from unblocker.records.changeset import Changeset
from unblocker.records.plan import Plan, ViewPlan
from unblocker.records.survey import Survey

NO_IO = frozenset({"U204", "U214"})
"""Left because nothing was found that waits."""
OVERLAPPED = "U101"
NOT_OURS = frozenset({"admin", "third-party"})
PASSED = "passed"

type Outcomes = Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Left:
    """A view that stays as it is, bridged or left: the code that says why, and its text."""

    view: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Views:
    """The app's own views; `waiting` are those that do I/O.

    Attributes:
        wanted: those that the plan converts; `converted` of them could be written.
        overlapped: converted ones in which operations run at the same time.
        bridged: the runtime serves them as they are; with the code of what is in the way.
        left: nothing is done about them.
        failed: wanted, but not written, with the code of the problem.
    """

    all: int
    waiting: int
    wanted: int
    converted: int
    overlapped: int
    bridged: tuple[Left, ...]
    left: tuple[Left, ...]
    failed: tuple[Left, ...]

    @property
    def served(self) -> int:
        """The views that do I/O and are converted or bridged."""
        return self.converted + len(self.bridged)


@dataclass(frozen=True, slots=True)
class Broken:
    """A test that passed before the conversion and does not pass after it."""

    test: str
    word: str
    detail: str


@dataclass(frozen=True, slots=True)
class SuiteRuns:
    """How many tests had which outcome in each run.

    Attributes:
        broken: those that the conversion broke, on the runtime.
        unsteady: those that failed on the runtime and passed when they were run once more.
        engine: those that pass on the runtime only: their views need its engine, which `convert` sets.
    """

    runs: Mapping[str, Mapping[str, int]]
    broken: tuple[Broken, ...]
    unsteady: tuple[str, ...] = ()
    engine: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What the conversion took, and what it changed."""

    seconds: float
    megabytes: float
    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Result:
    """One app, run on `day`; `failure` says what ended its run early."""

    name: str
    version: str
    day: str
    failure: str = ""
    views: Views | None = None
    tests: SuiteRuns | None = None
    cost: Cost | None = None

    @property
    def good(self) -> bool:
        """Whether everything ran and nothing is broken."""
        return not self.failure and self.tests is not None and not self.tests.broken


def views_of(survey: Survey, plan: Plan, changeset: Changeset) -> Views:
    """What the plan said of the app's own views, and the rewrite carried out."""
    own = {view.id for view in survey.views if view.kind not in NOT_OURS}
    plans = [view for view in plan.views if view.view in own]
    wanted = [view for view in plans if view.verdict == "convert"]
    converted = [view for view in wanted if view.view in changeset.views]
    left = tuple(_left(view) for view in plans if view.verdict == "leave")
    return Views(
        all=len(plans),
        waiting=len(plans) - sum(one.code in NO_IO for one in left),
        wanted=len(wanted),
        converted=len(converted),
        overlapped=sum(_overlaps(view) for view in converted),
        bridged=tuple(_left(view) for view in plans if view.verdict == "bridge"),
        left=left,
        failed=tuple(_failed(wanted, changeset)),
    )


def broken(before: Outcomes, after: Outcomes) -> tuple[Broken, ...]:
    """Each test that passed before and does not pass after."""
    passed = (test for test, outcome in before.items() if outcome.word == PASSED)
    found = (after.get(test, Outcome(test, NOT_RUN)) for test in passed)
    return tuple(Broken(one.test, one.word, one.detail) for one in found if one.word != PASSED)


def compared(before: Outcomes, stock: Outcomes, runtime: Outcomes, again: Outcomes) -> SuiteRuns:
    """All runs beside each other; `again` are those broken on the runtime, run there once more."""
    steady = tuple(one for one in broken(before, runtime) if not _passes(one.test, again))
    unsteady = tuple(test for test in again if _passes(test, again))
    gone = {one.test for one in steady}
    runs = {"before": before, "stock": stock, "runtime": runtime}
    return SuiteRuns(
        {run: Counter(one.word for one in found.values()) for run, found in runs.items()},
        steady,
        unsteady,
        tuple(one for one in broken(before, stock) if one.test not in gone),
    )


def _passes(test: str, outcomes: Outcomes) -> bool:
    return test in outcomes and outcomes[test].word == PASSED


def _overlaps(view: ViewPlan) -> bool:
    return any(reason.code == OVERLAPPED for reason in view.reasons)


def _left(view: ViewPlan) -> Left:
    """The last of the reasons that are told first: a bridged view's first only says that it is bridged."""
    reason = view.reasons[min(len(view.reasons) - 1, view.verdict == "bridge")]
    return Left(view.view, reason.code, reason.text)


def _failed(wanted: list[ViewPlan], changeset: Changeset) -> Iterator[Left]:
    for view in wanted:
        if view.view not in changeset.views:
            problem = next(
                (one for one in changeset.problems if one.place and one.place == view.place), None
            )
            yield Left(view.view, *((problem.code, problem.text) if problem else ("?", "")))
