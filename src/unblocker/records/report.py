"""Everything a report is made from: what each stage found, as far as it was run."""

from dataclasses import dataclass

from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Evidence
from unblocker.records.findings import Finding
from unblocker.records.measurement import Measurement, Side
from unblocker.records.plan import Plan
from unblocker.records.survey import Problem, Survey


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One run of the project's own test suite; `failures` counts failed tests and errors."""

    side: Side
    tests: int
    failures: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SampleSet:
    """The raw latencies of one run's successful requests, in milliseconds; `run` is its `Run.samples`."""

    run: str
    milliseconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The records of one project, and the words over them.

    Attributes:
        title: what was examined.
        made_at: when, as the caller wants it shown.
        suites: the project's own tests before and after.
        samples: the raw samples to plot, for as many runs as are wanted.
    """

    title: str
    made_at: str
    survey: Survey | None = None
    plan: Plan | None = None
    changeset: Changeset | None = None
    evidence: Evidence | None = None
    measurement: Measurement | None = None
    suites: tuple[SuiteRun, ...] = ()
    samples: tuple[SampleSet, ...] = ()


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey and the plan made from it; `seconds` is how long both took."""

    survey: Survey
    plan: Plan
    seconds: float

    @property
    def lines(self) -> int:
        """Lines of Python that were read."""
        return sum(file.lines for file in self.survey.files if file.path.endswith(".py"))


@dataclass(frozen=True, slots=True)
class Linted:
    """What the linter says of the project in the folder `root`; problems are modules that it could not import."""

    root: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
