"""Why a step may not run at the same time as what stands before it: the rules of `dependence`, told in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from unblocker.plan.dependence import (
    CONTROL,
    conflict,
    has_guard,
    is_understood,
    may_overlap,
    may_run_along,
    touches,
    writes,
)
from unblocker.records.survey import Location, Step


@dataclass(frozen=True, slots=True)
class Apart:
    """Why a step waits; `line` is that of the I/O before it."""

    line: int
    reason: str


def reasons_apart(steps: tuple[Step, ...]) -> dict[str, Apart]:
    """For each step of a function that does I/O, by its id: why it waits for the one before it.

    The first has none, nor has one that may run beside the one before it.
    """
    reading = _Reading()
    reading.block(steps, in_atomic=False)
    return reading.found


@dataclass(slots=True)
class _Reading:
    """One pass in program order; `last` is the I/O before, `between` the steps without any since."""

    found: dict[str, Apart] = field(default_factory=dict)
    last: Step | None = None
    between: list[Step] = field(default_factory=list)

    def block(self, steps: tuple[Step, ...], *, in_atomic: bool) -> None:
        for step in steps:
            if step.operations:
                self._note(step, in_atomic=in_atomic)
                self.last, self.between = step, []
            else:
                self.between.append(step)
            for inner in step.blocks:
                self._inside(step, inner.steps, in_atomic=in_atomic or step.atomic)

    def _inside(self, around: Step, steps: tuple[Step, ...], *, in_atomic: bool) -> None:
        self.between.append(around)
        self.block(steps, in_atomic=in_atomic)
        self.between.append(around)

    def _note(self, step: Step, *, in_atomic: bool) -> None:
        if self.last is None:
            return
        reason = next(_reasons(self.last, step, self.between), "")
        if in_atomic:
            reason = "in a transaction everything runs one after the other"
        if reason:
            self.found[step.id] = Apart(self.last.place.line, reason)


def _reasons(before: Step, step: Step, between: list[Step]) -> Iterator[str]:
    yield from _by_locals(before, step, between)
    yield from _by_locations(before, step)
    if has_guard(before):
        yield f"{_line(before)} may end the view, and nothing behind it may have started then"
    for one in between:
        if one.kind in CONTROL:
            yield f"{_line(one)} (`{one.text}`) decides whether and when it runs"
    if before.kind in CONTROL:
        yield f"{_line(before)} (`{before.text}`) decides what runs after it"
    yield from _by_itself(step)
    if not may_run_along(before):
        yield f"{_line(before)} does more than I/O that is understood"


def _by_locals(before: Step, step: Step, between: list[Step]) -> Iterator[str]:
    """It uses what the step before, or one between that uses it, has made; or changes what that one reads."""
    made = dict.fromkeys((*before.binds, *before.mutates), before)
    for one in between:
        if made.keys() & touches(one):
            made.update(dict.fromkeys((*one.binds, *one.mutates), one))
    needed = sorted(made.keys() & touches(step))
    plain = [name for name in needed if name.isidentifier()]
    for name in plain:
        yield f"it needs `{name}` from {_line(made[name])}"
    if needed:
        yield f"it uses what {_line(made[needed[0]])} has fetched"
    changed = sorted({*step.binds, *step.mutates} & frozenset(before.uses))
    if changed:
        yield f"it changes `{changed[0]}`, which {_line(before)} reads"


def _by_locations(before: Step, step: Step) -> Iterator[str]:
    """One writes what the other reads or writes."""
    for mine, theirs, text in (
        (_reads(step), writes(before), "{line} writes {what}, which it reads"),
        (writes(step), writes(before), "{line} writes {what}, which it writes, too"),
        (writes(step), _reads(before), "it writes {what}, which {line} reads"),
    ):
        for one in mine:
            if conflict((one,), theirs):
                yield text.format(line=_line(before), what=one)


def _by_itself(step: Step) -> Iterator[str]:
    """What keeps the step from starting beside anything before it."""
    for one in step.operations:
        if not is_understood(one):
            yield f"what {one.label} does is not known, so it may touch anything"
    changed = writes(step)
    if changed:
        yield f"it writes {changed[0]}: a write starts only when everything before it is done"
    if step.kind in CONTROL:
        yield f"it stands in `{step.text}`, which is not moved"
    for one in step.operations:
        if not one.certain:
            yield f"its line may do without {one.label}"
        if one.scope == "closed":
            yield f"{one.label} stands where no await is legal"
    if not may_overlap(step):
        yield "its line does more than read"


def _reads(step: Step) -> tuple[Location, ...]:
    return tuple(location for one in step.operations for location in one.reads)


def _line(step: Step) -> str:
    return f"line {step.place.line}"
