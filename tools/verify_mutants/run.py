"""The runs: every mutant on its project's stage, and every right conversion under many schedules."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from tools.verify_mutants.mutants import BadMutantError, Mutant
from tools.verify_mutants.scene import LIBRARY, LIBRARY_CONVERTED, SHOP, Project, scene_of
from unblocker.records.evidence import Difference, Evidence, ViewEvidence
from unblocker.verify import Effort

EFFORT = Effort(schedules=12, faults=True, departures=8)
UNMUTATED = Effort(schedules=3)
HONEST_SCHEDULES = 200
_KINDS = {"under schedule": "schedule", "the client leaves": "departure", "made once more": ""}

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Caught:
    """What verify found of one mutant."""

    mutant: Mutant
    evidence: ViewEvidence

    @property
    def shown_by(self) -> Difference | None:
        """The difference to show: one that was expected, if there is one."""
        found = self.evidence.differences
        return min(found, key=lambda one: one.code not in self.mutant.shows, default=None)

    @property
    def is_caught(self) -> bool:
        """Whether it was found as it is said to be: by its codes, and by its kind of trial.

        What a schedule shows, the first request may show already.
        """
        found = self.evidence.differences
        kinds = {kind_of_trial(one.trial) for one in found}
        expected = {"", "schedule"} if self.mutant.trial == "schedule" else {self.mutant.trial}
        return self.mutant.shows <= {one.code for one in found} and bool(kinds & expected)


@dataclass(frozen=True, slots=True)
class Right:
    """What verify found of a right conversion, which should be nothing."""

    name: str
    evidence: Evidence

    @property
    def accused(self) -> tuple[ViewEvidence, ...]:
        """The views that differ, or differ from themselves."""
        wrong = ("differs", "not deterministic")
        return tuple(view for view in self.evidence.views if view.verdict in wrong)


def catch(mutants: Sequence[Mutant], progress: Progress) -> tuple[list[Caught], list[Right]]:
    """What is found of each mutant, and of the views that they are made of; projects at the same time.

    Raises:
        BadMutantError: a mutant does not fit the conversion, or is of no view of the projects.
        UnblockError: a project can't be brought up.
    """
    projects = [one for one in (LIBRARY, SHOP) if any(map(one.has_module, mutants))]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda one: _catch_in(one, mutants, _told(one, progress)), projects))
    caught = [one for mine, _ in found for one in mine]
    if left := {one.name for one in mutants} - {one.mutant.name for one in caught}:
        raise BadMutantError(f"of a view that is in no project: {', '.join(sorted(left))}")
    return caught, [right for _, right in found]


def honest(schedules: int, progress: Progress) -> list[Right]:
    """What is found of the old code beside itself, and of each right conversion; projects at the same time.

    Raises:
        UnblockError: a project can't be brought up.
    """
    effort = replace(EFFORT, schedules=schedules)

    def parts(project: Project) -> list[Right]:
        with scene_of(project, told := _told(project, progress)) as scene:
            old = [scene.verify_old(effort, told)] if project != LIBRARY_CONVERTED else []
            right = scene.verify_right(effort, told)
        return [
            *(Right(f"{project.name}, old beside old", one) for one in old),
            Right(project.name, right),
        ]

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(parts, (LIBRARY, LIBRARY_CONVERTED, SHOP)))
    return [right for mine in found for right in mine]


def kind_of_trial(told: str) -> str:
    """`schedule`, `fault` or `departure`; "" for none, also where the request was only made once more."""
    if not told:
        return ""
    return next((kind for begin, kind in _KINDS.items() if told.startswith(begin)), "fault")


def _catch_in(
    project: Project, mutants: Sequence[Mutant], progress: Progress
) -> tuple[list[Caught], Right]:
    with scene_of(project, progress) as scene:
        mine = [mutant for mutant in mutants if scene.has(mutant)]
        evidence = scene.verify_mutants(mine, EFFORT, progress)
        unmutated = scene.of_views({mutant.view for mutant in mine})
        right = Right(project.name, unmutated.verify_right(UNMUTATED, progress))
    found = {view.view: view for view in evidence.views}
    return [Caught(mutant, found[mutant.name]) for mutant in mine], right


def _told(project: Project, progress: Progress) -> Progress:
    return lambda text: progress(f"{project.name}: {text}")
