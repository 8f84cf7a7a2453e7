"""Which steps of a block overlap: independent reads in a row become the branches of one `gather`.

One pass in program order keeps a group open. A step joins it as a branch of its own if it depends on no branch, or at
the end of the one branch on which it depends; it closes the group if it depends on several, may be noticed, or is
control flow. Where a group comes to nothing, the next is tried from the step behind its first. Transparent steps
between the branches either move before the group or, where they need a branch's result, stay behind it. A guard (a
404, a permission) may be the last branch to start, never an earlier one (rule 2); a write may be the first, never a
later one.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from unblocker.plan.body import Body
from unblocker.plan.dependence import (
    CONTROL,
    depends,
    disturbs,
    has_guard,
    may_overlap,
    may_run_along,
)
from unblocker.records.asides import aside_of, statement_of
from unblocker.records.plan import Branch, Group
from unblocker.records.survey import Operation, Step

LOAD = "load:"
"""Prefix of the ids of the steps that stand for fetching a queryset's rows before a template asks for them."""


@dataclass(slots=True)
class OpenGroup:
    """A group while the pass is building it."""

    branches: list[list[Step]] = field(default_factory=list)
    hoisted: list[Step] = field(default_factory=list)
    behind: list[Step] = field(default_factory=list)
    guarded: bool = False

    def needed_by(self, step: Step) -> list[list[Step]]:
        """The branches on which the step depends."""
        return [branch for branch in self.branches if any(depends(step, one) for one in branch)]

    def loads_for(self, step: Step) -> bool:
        """Whether the step renders a template with rows that the group loads."""
        loads = {one.uses for branch in self.branches for one in branch if one.id.startswith(LOAD)}
        return any(
            (evaluation.name,) in loads
            for operation in step.operations
            for evaluation in operation.evaluates
        )


def groups_of(steps: tuple[Step, ...], body: Body) -> tuple[Group, ...]:
    """The groups of one block, in program order; blocks inside it are not entered.

    `steps` may hold loads (see `load_step`) in front of the step that renders; `body` is the function's, which tells
    what is used outside the block.
    """
    found: list[Group] = []
    at = 0
    while at < len(steps):
        group, end = grown(steps, at)
        found.extend(close(group, steps, body))
        at = end if len(group.branches) > 1 else at + 1
    return tuple(found)


def grown(steps: tuple[Step, ...], start: int) -> tuple[OpenGroup, int]:
    """The group that begins at `start` and takes in all it may, and the index behind it."""
    group = OpenGroup()
    for index in range(start, len(steps)):
        if not admit(group, steps[index]):
            return group, index
    return group, len(steps)


def load_step(name: str, render: Step, operation: Operation) -> Step:
    """A step that fetches the rows of the local queryset `name`, which the template behind it is bound to ask for."""
    return Step(
        id=f"{LOAD}{name}",
        place=render.place,
        kind="expression",
        text=f"load({name})",
        uses=(name,),
        operations=(operation,),
    )


def admit(group: OpenGroup, step: Step) -> bool:
    """Take the step into the open group, if the rules allow it."""
    if step.kind in CONTROL or any(depends(step, one) for one in group.behind):
        return False
    if group.loads_for(step):
        return False
    needed = group.needed_by(step)
    if step.transparent:
        return admit_transparent(group, step, needed)
    if may_overlap(step):
        return admit_read(group, step, needed)
    if may_run_along(step):
        return admit_write(group, step)
    return admit_plain(group, step, needed)


def admit_transparent(group: OpenGroup, step: Step, needed: list[list[Step]]) -> bool:
    """It moves before the group, or stays behind it where it needs a branch or an order among locals says so."""
    if not group.branches:
        return False
    (group.behind if needed else group.hoisted).append(step)
    return True


def admit_read(group: OpenGroup, step: Step, needed: list[list[Step]]) -> bool:
    """It starts a branch, or goes on in the last one; never in an earlier one, whose errors would then win."""
    others = [branch for branch in group.branches if branch not in needed]
    if any(disturbs(one, step) for branch in others for one in branch):
        return False
    if needed:
        if needed != [group.branches[-1]] or step.id.startswith(LOAD):
            return False
        needed[0].append(step)
    elif group.guarded:
        return False
    else:
        group.branches.append([step])
    group.guarded = group.guarded or has_guard(step)
    return True


def admit_write(group: OpenGroup, step: Step) -> bool:
    """A write may only be the first to start: `gather` then lets it end, whatever becomes of the reads beside it."""
    if group.branches:
        return False
    group.branches.append([step])
    group.guarded = has_guard(step)
    return True


def admit_plain(group: OpenGroup, step: Step, needed: list[list[Step]]) -> bool:
    """Code without I/O that may raise goes with the last branch, whose result it handles: errors keep their order."""
    if len(needed) != 1 or needed[0] is not group.branches[-1] or step.operations or step.effects:
        return False
    if any(statement_of(one.id) == step.id for one in needed[0]):
        return False
    bound = {name for one in needed[0] for name in one.binds}
    if not frozenset(step.mutates) <= bound:
        return False
    needed[0].append(step)
    return True


def close(group: OpenGroup, block: tuple[Step, ...], body: Body) -> tuple[Group, ...]:
    """The finished group, or nothing where there is nothing to overlap."""
    if len(group.branches) < 2:
        return ()
    trim_last(group)
    branches = named(branches_of(group.branches, body))
    real = [step for branch in group.branches for step in branch if not step.id.startswith(LOAD)]
    anchor = statement_of(real[0].id) if real else render_after(group.branches[0][0], block)
    hoisted = tuple(step.id for step in group.hoisted) if real else ()
    return (Group(anchor=anchor, branches=branches, hoisted=hoisted, note=note_of(branches)),)


def render_after(load: Step, block: tuple[Step, ...]) -> str:
    """The id of the step in front of which the load stands."""
    behind = block[block.index(load) + 1 :]
    return next(step.id for step in behind if not step.id.startswith(LOAD))


def trim_last(group: OpenGroup) -> None:
    """Leave the code that handles the last branch's result behind the group: the order of errors is the same there."""
    last = group.branches[-1]
    while len(last) > 1 and not last[-1].operations:
        last.pop()


def branches_of(branches: list[list[Step]], body: Body) -> list[Branch]:
    """The branches in program order, all loads gathered into one at the end."""
    loads = tuple(step.uses[0] for steps in branches for step in steps if step.id.startswith(LOAD))
    found = [as_branch(steps, body) for steps in branches if not steps[0].id.startswith(LOAD)]
    if loads:
        found.append(Branch(name="load", loads=loads))
    return found


def as_branch(steps: list[Step], body: Body) -> Branch:
    """The branch of these steps, exporting what any other step of the function may use.

    The statement that a step was taken from uses its result.
    """
    bound = dict.fromkeys(name for step in steps for name in step.binds)
    inner = frozenset(step.id for step in steps)
    taken = {name for step in steps if aside_of(step.id) for name in step.binds}
    exports = tuple(name for name in bound if name in taken or body.is_used_outside(name, inner))
    wanted = exports or tuple(bound)
    return Branch(
        name=f"read_{wanted[-1]}" if wanted else deed(steps[0]),
        steps=tuple(step.id for step in steps),
        exports=exports,
    )


def deed(step: Step) -> str:
    """A name for what the step does, where it binds none: its first operation's label as an identifier."""
    words = re.findall(r"\w+", step.operations[0].label)
    return "_".join(words).lower() or "run_it"


def named(branches: list[Branch]) -> tuple[Branch, ...]:
    """The branches with names that differ from each other."""
    seen: Counter[str] = Counter()
    result = []
    for branch in branches:
        seen[branch.name] += 1
        suffix = f"_{seen[branch.name]}" if seen[branch.name] > 1 else ""
        result.append(replace(branch, name=branch.name + suffix))
    return tuple(result)


def note_of(branches: tuple[Branch, ...]) -> str:
    """The comment that tells the next reader why these may overlap."""
    names = [
        ", ".join(branch.exports or branch.loads) or branch.name.replace("_", " ")
        for branch in branches
    ]
    if all(branch.loads for branch in branches):
        return f"{listed(list(branches[0].loads))} do not depend on each other: they load at the same time."
    return f"{listed(names)} do not depend on each other: they run at the same time."


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
