"""A request made again and again, each time under a trial, from the state in which it was made first.

The code before is made to handle it once more without a trial: what a process remembers of the first time (content
types, compiled templates) must not count as a difference. That second time is what trials of the new code alone are
compared with. Where an operation fails, it fails on all sides.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from unblocker.records.evidence import NO_TRIALS, Trials
from unblocker.verify.budget import Budget
from unblocker.verify.compare import Seen, compare, compare_departed, has_told
from unblocker.verify.findings import Finding
from unblocker.verify.job import Effort
from unblocker.verify.process import NoAnswerError, Side
from unblocker.verify.protocol import UNTRIED, Serve, Trial, Wire
from unblocker.verify.stage import Stage
from unblocker.verify.trials import Kind, kind_of, told_of, trials_of

type Progress = Callable[[str], None]
type Answers = dict[Side, Seen | NoAnswerError]
type Ask = Callable[[Serve, tuple[Side, ...]], Answers]

# psycopg's words, once a connection is lost.
_NO_CONNECTION = "the connection is closed"

ONCE_MORE = "made once more, from the same state"
ALL: tuple[Side, ...] = ("old", "control", "new")


@dataclass(frozen=True, slots=True)
class Endured:
    """What the trials of one request showed.

    Attributes:
        without_timeout: hosts, calls to which would have waited for ever.
        is_in_line: all sides hold the same afterwards.
    """

    trials: Trials = NO_TRIALS
    findings: tuple[Finding, ...] = ()
    without_timeout: tuple[str, ...] = ()
    is_in_line: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A request as it was made first."""

    view: str
    number: int
    wire: Wire
    mail_counts: bool


class Ordeal:
    """Puts each kind of request to each view to its trials, once."""

    def __init__(
        self, ask: Ask, stage: Stage, effort: Effort, budget: Budget, progress: Progress
    ) -> None:
        self._ask = ask
        self._endstate = stage.endstate
        self._media = stage.media
        self._recorder = stage.recorder
        self._effort = effort
        self._tried: set[tuple[str, Kind]] = set()
        self._patient: set[str] = set()
        self._budget = budget
        self._progress = progress

    def keep(self) -> None:
        """Remember the state before a request."""
        self._endstate.keep()
        self._media.keep()

    def undergo(self, made: Made, old: Seen) -> Endured:
        """Make the request under trials, if none of its kind was; afterwards the old side is as after the request."""
        kind = (made.view, kind_of(old))
        if kind in self._tried:
            return Endured()
        self._tried.add(kind)
        seen = self._make(made, UNTRIED, ALL)
        moved = self._endstate.compare()
        again, control, new = (seen[side] for side in ALL)
        if isinstance(again, NoAnswerError) or isinstance(control, NoAnswerError):
            return Endured(is_in_line=False)
        if compare(again, control) or moved["control"]:
            return Endured(is_in_line=False)
        if findings := (*differences(again, new), *moved["new"]):
            return Endured(findings=tuple(replace(each, trial=ONCE_MORE) for each in findings))
        assert isinstance(new, Seen)  # noqa: S101  # else it differs
        endured = self._trials(made, again, new)
        self._make(made, UNTRIED, ALL)
        return replace(endured, is_in_line=not any(self._endstate.compare().values()))

    def _trials(self, made: Made, old: Seen, new: Seen) -> Endured:
        self._patient = set()
        deadline = self._budget.deadline(made.view)
        endured = self._until(deadline, made, old, new)
        self._budget.spent(made.view, deadline)
        return replace(endured, without_timeout=tuple(sorted(self._patient)))

    def _until(self, deadline: float | None, made: Made, old: Seen, new: Seen) -> Endured:
        counted = NO_TRIALS
        trials = tuple(trials_of(old, new, self._effort, mail_counts=made.mail_counts))
        for number, trial in enumerate(trials, 1):
            if self._budget.is_over(deadline):
                return Endured(replace(counted, cut_short=True))
            self._progress(f"{made.view}: trial {number} of {len(trials)}")
            counted = _count(counted, trial)
            if findings := self._found(made, trial, old):
                told = told_of(trial)
                return Endured(counted, tuple(replace(each, trial=told) for each in findings))
        return Endured(counted)

    def _found(self, made: Made, trial: Trial, old: Seen) -> tuple[Finding, ...]:
        """The differences; after a timeout those of a second time, as a slow machine gives up on other calls, too."""
        findings = self._differences(made, trial, old)
        if findings and trial.fault is not None and trial.fault.kind == "timeout":
            return self._differences(made, trial, old)
        return findings

    def _differences(self, made: Made, trial: Trial, old: Seen) -> tuple[Finding, ...]:
        if trial.fault is not None:
            return self._under_fault(made, trial)
        new = self._make(made, trial, ("new",))["new"]
        moved = self._endstate.compare()["new"]
        if trial.leaves_after and isinstance(new, Seen):
            return self._half_done(old, new, moved)
        return (*differences(old, new), *moved)

    def _under_fault(self, made: Made, trial: Trial) -> tuple[Finding, ...]:
        seen = self._make(made, trial, ("old", "new"))
        moved = self._endstate.compare()["new"]
        old, new = seen["old"], seen["new"]
        if isinstance(old, NoAnswerError) or _is_left_without(old):
            return ()
        if isinstance(new, Seen) and self._recorder.patient:
            self._patient |= self._recorder.patient
            return ()
        findings = (*differences(old, new, under_fault=True), *moved)
        return findings if findings and self._repeats(made, trial, old) else ()

    def _repeats(self, made: Made, trial: Trial, old: Seen) -> bool:
        """Whether the old code's second process does the same under the trial."""
        control = self._make(made, trial, ("control",))["control"]
        moved = self._endstate.compare()["control"]
        return isinstance(control, Seen) and not (compare(old, control, under_fault=True) or moved)

    def _half_done(self, old: Seen, new: Seen, moved: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """What is missing of what the old code does, which its client's leaving does not end; unless nothing was begun.

        Sequences do not go back with what is rolled back.
        """
        rows = tuple(finding for finding in moved if finding.aspect == "tables")
        missing = (*rows, *compare_departed(old, new))
        return missing if missing and self._has_begun(new) else ()

    def _has_begun(self, new: Seen) -> bool:
        """Whether the new code has changed or told anything."""
        changed = self._endstate.has_changed("new") or self._media.has_changed("new")
        return changed or has_told(new)

    def _make(self, made: Made, trial: Trial, sides: tuple[Side, ...]) -> Answers:
        self._endstate.put_back(sides)
        self._media.put_back(sides)
        self._recorder.again(trial.fault)
        return self._ask(Serve(made.number, made.wire, trial, again=True), sides)


def differences(
    old: Seen, new: Seen | NoAnswerError, *, under_fault: bool = False
) -> tuple[Finding, ...]:
    """What differs, which may be that there is no answer."""
    if isinstance(new, Seen):
        return compare(old, new, under_fault=under_fault)
    status = f"status {old.observation.status}"
    return (Finding("answer", f"the new code did not answer: {new}", status, str(new)),)


def _is_left_without(seen: Seen) -> bool:
    """Whether it failed because it had no connection any more, where the runtime borrows another one."""
    return any(_NO_CONNECTION in raised.message for raised in seen.observation.raised)


def _count(counted: Trials, trial: Trial) -> Trials:
    if trial.fault is not None:
        return replace(counted, faults=counted.faults + 1)
    if trial.leaves_after:
        return replace(counted, departures=counted.departures + 1)
    return replace(counted, schedules=counted.schedules + 1)
