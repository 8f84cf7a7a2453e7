"""Which trials a request is put to: schedules, faults at each of its operations, clients that leave."""

from collections import Counter
from collections.abc import Iterable, Iterator

from unblocker.verify.compare import Seen
from unblocker.verify.job import Effort
from unblocker.verify.outbound import canonical_call
from unblocker.verify.protocol import UNTRIED, Fault, FaultKind, Trial, Vendor
from unblocker.verify.statements import told

type Kind = tuple[object, ...]

_OF_STATEMENTS: dict[Vendor, tuple[FaultKind, ...]] = {
    "postgresql": ("database error", "lost connection"),
    "sqlite": ("database error",),
}
_OF_CALLS: tuple[FaultKind, ...] = ("error answer", "no answer", "timeout")
# With fewer operations than this there is nothing whose order could be another.
_SCHEDULABLE = 2


def kind_of(seen: Seen) -> Kind:
    """What requests have in common that are handled alike."""
    observation = seen.observation
    statements = tuple(sorted(statement.sql for statement in observation.statements))
    calls = tuple(sorted((call.method, call.host) for call in seen.calls))
    return (observation.status, statements, calls, len(observation.mails))


def trials_of(old: Seen, new: Seen, effort: Effort, *, mail_counts: bool) -> Iterator[Trial]:
    """The trials of a request that both sides have handled alike; `UNTRIED` is not among them.

    With `mail_counts` unset no mail is made to fail: it was announced that the response does not wait for it.
    """
    operations = len(new.observation.statements) + len(new.calls)
    if operations >= _SCHEDULABLE:
        yield from (Trial(seed=seed) for seed in range(effort.schedules))
    yield from _departures(new, effort.departures)
    if effort.faults:  # last: they change what the old side holds
        faults = (fault for fault in _faults(old) if mail_counts or fault.kind != "mail")
        yield from (Trial(fault=fault) for fault in faults)


def told_of(trial: Trial) -> str:
    """The trial in a few words; "" for none."""
    if trial == UNTRIED:
        return ""
    if trial.fault is not None:
        return _told_of_fault(trial.fault)
    if trial.leaves_after:
        return f"the client leaves after {trial.leaves_after} completed operations"
    return f"under schedule {trial.seed}"


def _told_of_fault(fault: Fault) -> str:
    which = f" (number {fault.occurrence + 1} of those alike)" if fault.occurrence else ""
    if not fault.target:
        return f"a mail fails{which}"
    return f"{fault.kind} at {fault.target.splitlines()[0]}{which}"


def _faults(old: Seen) -> Iterator[Fault]:
    statements = old.observation.statements
    calls = [canonical_call(call) for call in old.calls]
    numbered = _numbered(told(statement) for statement in statements)
    for statement, (target, occurrence) in zip(statements, numbered, strict=True):
        kinds = _OF_STATEMENTS[statement.vendor]
        yield from (Fault(kind, target, occurrence) for kind in kinds)
    for target, occurrence in _numbered(calls):
        yield from (Fault(kind, target, occurrence) for kind in _OF_CALLS)
    yield from (Fault("mail", "", number) for number in range(len(old.observation.mails)))


def _numbered(targets: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each with how many like it came before."""
    seen: Counter[str] = Counter()
    for target in targets:
        yield target, seen[target]
        seen[target] += 1


def _departures(new: Seen, most: int) -> Iterator[Trial]:
    """The client leaves after one of the completed operations: spread evenly, each under a schedule that repeats."""
    completed = new.observation.completed
    if most:
        step = max(1, -(-completed // most))
        yield from (Trial(seed=0, leaves_after=after) for after in range(1, completed + 1, step))
