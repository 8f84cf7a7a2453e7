"""Programs converted together, and each tried by requests of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.fuzz_convert.stage import Stage
from tools.fuzz_convert.writer import Program
from unblocker.records import codec
from unblocker.records.evidence import Trials, ViewEvidence
from unblocker.records.plan import Plan, ViewPlan
from unblocker.records.traffic import Request
from unblocker.verify import Effort, ViewToVerify, World, verify

KEYS = (1, 2, 99)
EFFORT = Effort(schedules=6, faults=True, departures=2)


@dataclass(frozen=True, slots=True)
class Tried:
    """A program and what the verifier found; `verdict` and `overlaps` are the plan's."""

    program: Program
    evidence: ViewEvidence
    verdict: str
    overlaps: bool

    @property
    def differs(self) -> bool:
        """Whether the conversion does something else."""
        return self.evidence.verdict == "differs"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch showed."""

    tried: tuple[Tried, ...]
    trials: Trials


def try_batch(
    stage: Stage,
    name: str,
    programs: Sequence[Program],
    progress: Callable[[str], None],
    effort: Effort = EFFORT,
) -> Batch:
    """Convert the programs and try them all.

    Raises:
        StageError, UnblockError: the tool or the verifier failed.
    """
    trees = stage.convert(name, programs)
    plan = _plan(trees.new)
    views = tuple(
        ViewToVerify(
            f"views:{program.name}",
            (f"{program.name}/<int:pk>/",),
            plan[program.name].accepted,
            is_tried=plan[program.name].verdict == "convert",
        )
        for program in programs
    )
    traffic = tuple(request for program in programs for request in _requests(program))
    world = World(environment=stage.environment)
    evidence = verify(trees, traffic, stage.databases, views, world, progress, effort=effort)
    found = {view.view: view for view in evidence.views}
    tried = tuple(
        Tried(program, found[view.id], plan[program.name].verdict, _overlaps(plan[program.name]))
        for program, view in zip(programs, views, strict=True)
    )
    return Batch(tried, evidence.trials)


def _plan(tree: Path) -> dict[str, ViewPlan]:
    plan = codec.load(tree / ".unblock" / "plan.json", Plan)
    return {one.view.rpartition(":")[2].rpartition(".")[2]: one for one in plan.views}


def _overlaps(planned: ViewPlan) -> bool:
    return planned.prediction.after_ms < planned.prediction.before_ms


def _requests(program: Program) -> list[Request]:
    paths = [f"/{program.name}/{key}/" for key in KEYS]
    visits = [Request("GET", path, user) for path in paths for user in (None, "anna")]
    return [*visits, Request("POST", paths[0], "anna", data={"number": "1"})]
