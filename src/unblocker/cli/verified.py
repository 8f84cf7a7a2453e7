"""`convert --verified`: only the conversions that `verify` finds to be the same.

Views that are refused are planned anew as staying what they are, for a helper that was converted in place has a
synchronous caller then. What comes of that is verified again, until every view that is left is the same.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from unblocker.cli.consoles import Progress, messages, output, progress_on, remark
from unblocker.cli.convert import carry_out, show_remarks
from unblocker.cli.laying import lay_converted, survey_staged
from unblocker.cli.planning import run_plan
from unblocker.cli.proof import prove
from unblocker.cli.showing import show_diff
from unblocker.cli.staging import Staged, staged
from unblocker.cli.wanted import Wanted
from unblocker.cli.workspace import EVIDENCE, Workspace
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.records.traffic import Traffic
from unblocker.report.figures import plural

UNPROVEN = ViewEvidence("", "not exercised")


@dataclass(frozen=True, slots=True)
class Verified:
    """A conversion and the evidence on it; `refused` are the views that were left out of it before, each with why."""

    plan: Plan
    changeset: Changeset
    evidence: Evidence
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def disturbed(self) -> dict[str, str]:
        """Views that differ though they stay as they are, and how: it is the runtime that they can't bear."""
        return {
            one.view: _why(one)
            for one in self.evidence.views
            if one.verdict == "differs" and one.view not in self.changeset.views
        }


def run_verified(
    workspace: Workspace, settings: str | None, traffic: Traffic, wanted: Wanted, *, write: bool
) -> int:
    """Show what is proven, and write it where it is to be written; 1 if a view was refused, else 0.

    Nothing is written where a view that stays as it is differs: leaving others out would not help it.

    Raises:
        UnblockError: see `convert_verified`, and those of writing.
    """
    with progress_on(messages()) as status:
        made = convert_verified(workspace, settings, traffic, wanted, status.update)
    for line in told(made):
        remark(line)
    if made.disturbed or not made.changeset.views:
        remark("Nothing written.")
    else:
        show_diff(output(), made.changeset)
        show_remarks(made.plan, made.changeset)
        carry_out(workspace, made.changeset, write=write)
    return 1 if made.refused or made.disturbed else 0


def convert_verified(
    workspace: Workspace,
    settings: str | None,
    traffic: Traffic,
    wanted: Wanted,
    progress: Progress,
) -> Verified:
    """Convert, verify, and leave out what is not the same, until all is; writes nothing in the project.

    Raises:
        UnblockError: the project can't be staged (U003 where it does not say how) or verified.
    """
    with staged(workspace, workspace.path("verify"), progress) as stage:
        survey = survey_staged(workspace, stage, settings, progress)
        whole = run_plan(workspace, survey, progress)
        trial = Trial(workspace, stage, survey, traffic, wanted.unselected(survey, whole))
        refused: dict[str, str] = {}
        while True:
            tried = trial.make(refused, progress)
            newly = dict(unproven(tried))
            if not newly:
                return tried
            refused |= newly


@dataclass(frozen=True, slots=True)
class Trial:
    """Converts, and verifies what comes of it."""

    workspace: Workspace
    stage: Staged
    survey: Survey
    traffic: Traffic
    unselected: Set[str]

    def make(self, refused: dict[str, str], progress: Progress) -> Verified:
        """The conversion without the views that are refused, and the evidence on it."""
        plan, changeset = lay_converted(
            self.workspace, self.stage, self.survey, progress, refused.keys(), self.unselected
        )
        evidence = prove(self.stage, self.traffic, self.survey, plan, progress)
        self.workspace.save(evidence, EVIDENCE)
        return Verified(plan, changeset, evidence, dict(refused))


def unproven(tried: Verified) -> Iterator[tuple[str, str]]:
    """The converted views that are not the same, and why."""
    seen = {one.view: one for one in tried.evidence.views}
    for name in tried.changeset.views:
        one = seen.get(name, UNPROVEN)
        if one.verdict != "same":
            yield name, _why(one)


def _why(view: ViewEvidence) -> str:
    if not view.differences:
        return view.verdict
    first = view.differences[0]
    trial = f" ({first.trial})" if first.trial else ""
    return f"{view.verdict}: {first.code} {first.text}: {first.request}{trial}"


def told(verified: Verified) -> Iterator[str]:
    """A line for each view: written or not, and why."""
    seen = {one.view: one for one in verified.evidence.views}
    for name in () if verified.disturbed else verified.changeset.views:
        trials = seen[name].trials.total
        tried = f", {plural(trials, 'trial')}" if trials else ""
        yield f"same: {name}: {plural(seen[name].requests, 'request')}{tried}"
    for name, why in verified.refused.items():
        yield f"not written: {name}: {why}"
    for name, why in verified.disturbed.items():
        yield f"not converted, and differs under the runtime: {name}: {why}"
