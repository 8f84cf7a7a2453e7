"""`convert --interactive`: each view's own changes are shown, and its user says whether they are wanted."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

import click

from unblocker.cli.consoles import Progress, messages, output, progress_on
from unblocker.cli.planning import run_plan
from unblocker.cli.showing import show_diff
from unblocker.cli.wanted import converted
from unblocker.cli.workspace import Workspace
from unblocker.records.changeset import Changeset
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.rewrite import rewrite

type Answer = Literal["yes", "no", "all", "quit"]

_ANSWERS: dict[str, Answer] = {"y": "yes", "n": "no", "a": "all", "q": "quit"}


@dataclass(frozen=True, slots=True)
class Alone:
    """Shows what converting one view alone would change; the rest of the project stays as it is."""

    workspace: Workspace
    survey: Survey
    candidates: tuple[str, ...]
    unselected: Set[str]

    def changes(self, view: str, progress: Progress) -> Changeset:
        """The view's own changeset."""
        others = {one for one in self.candidates if one != view}
        plan = run_plan(self.workspace, self.survey, progress, unselected=self.unselected | others)
        return rewrite(plan, self.workspace.root, progress)


def ask_for_each(
    workspace: Workspace, survey: Survey, plan: Plan, unselected: Set[str]
) -> Set[str]:
    """`unselected` and the views that the user does not want to be converted.

    Raises:
        click.Abort: the answers have come to an end.
    """
    candidates = tuple(converted(plan))
    alone = Alone(workspace, survey, candidates, unselected)
    refused: list[str] = []
    for at, view in enumerate(candidates):
        with progress_on(messages()) as status:
            changes = alone.changes(view, status.update)
        show_diff(output(), changes)
        answer = _ask(f"Convert {view} ({at + 1} of {len(candidates)})?")
        if answer == "no":
            refused.append(view)
        elif answer == "quit":
            refused += candidates[at:]
        if answer in ("all", "quit"):
            break
    return unselected | set(refused)


def _ask(question: str) -> Answer:
    choices = click.Choice([*_ANSWERS])
    text = f"{question} (yes, no, all that follow, quit)"
    return _ANSWERS[click.prompt(text, type=choices, default="n", err=True)]
