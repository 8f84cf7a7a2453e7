"""Querysets that a template is bound to evaluate: fetched together before it is rendered, still querysets (rule 7).

A load may run beside the reads in front of it. Where that saves no wait, all loads stand together in front of the
rendering, which reads better.
"""

from collections.abc import Mapping

from unblocker.plan.body import Body
from unblocker.plan.dependence import has_guard
from unblocker.plan.facts import RENDERED_LATER
from unblocker.plan.grouping import groups_of, load_step
from unblocker.plan.spreading import spread, spread_by, spread_well_by, steps_in
from unblocker.records.plan import Branch, Group
from unblocker.records.survey import Evaluation, Operation, Step


def groups_with_loads(block: tuple[Step, ...], body: Body) -> tuple[Group, ...]:
    """The block's groups, with its templates' querysets loaded and its statements spread out where that waits least."""
    whole = groups_and_loads(block, body)
    parts = spread(block)
    if parts == block:
        return whole
    groups = groups_and_loads(parts, body)
    wanted = spread_by(groups)
    while True:
        parts = spread(block, wanted)
        groups = groups_and_loads(parts, body)
        well = spread_well_by(groups, parts)
        if well == wanted:
            break
        wanted = well
    return groups if waits(parts, body, groups) < waits(block, body, whole) else whole


def groups_and_loads(block: tuple[Step, ...], body: Body) -> tuple[Group, ...]:
    """The block's groups, with its templates' querysets loaded where that waits least."""
    beside = groups_of(with_loads(block, body), body)
    together = (*groups_of(block, body), *loads_together(block, body))
    return beside if waits(block, body, beside) < waits(block, body, together) else together


def loads_together(block: tuple[Step, ...], body: Body) -> tuple[Group, ...]:
    """A group of nothing but loads in front of each step that renders several querysets."""
    return tuple(
        group for step in block for group in groups_of((*loads_before(step, body), step), body)
    )


def waits(block: tuple[Step, ...], body: Body, groups: tuple[Group, ...]) -> int:
    """How many times the block waits, one after the other; what is left to a template loads together."""
    branches = [branch for group in groups for branch in group.branches]
    taken = steps_in(groups)
    loaded = {name for branch in branches for name in branch.loads}
    own = {step.id: sum(map(is_wait, step.operations)) for step in block}
    alone = sum(own[step.id] for step in block if step.id not in taken)
    longest = sum(max(wait_of(one, own) for one in group.branches) for group in groups)
    late = sum(
        1 for step in block if any(load.uses[0] not in loaded for load in loads_before(step, body))
    )
    return longest + alone + late


def wait_of(branch: Branch, own: Mapping[str, int]) -> int:
    """How many times a branch waits; what it loads, it loads together."""
    return max(1, sum(own[step] for step in branch.steps))


def is_wait(operation: Operation) -> bool:
    """It waits itself; a rendering does by the loads that it needs, which are counted apart."""
    return operation.kind != "template"


def with_loads(block: tuple[Step, ...], body: Body) -> tuple[Step, ...]:
    """The block's steps, with a load in front of the rendering step for each queryset its template surely evaluates."""
    result: list[Step] = []
    for step in block:
        result.extend(loads_before(step, body))
        result.append(step)
    return tuple(result)


def loads_before(step: Step, body: Body) -> list[Step]:
    """The loads that belong in front of the step; none where its own expressions may end the view first."""
    if step.kind not in ("return", "assign", "expression") or has_guard(step):
        return []
    return [
        load_step(evaluation.name, step, load_operation(operation, evaluation))
        for operation in step.operations
        if operation.certain and operation.scope == "body"
        if step.kind == "return" or operation.entry != RENDERED_LATER
        for evaluation in operation.evaluates
        if evaluation.certain and is_local_queryset(evaluation.name, body)
    ]


def load_operation(render: Operation, evaluation: Evaluation) -> Operation:
    """The query that the template would have made."""
    return Operation(
        id=f"{render.id}:{evaluation.name}",
        place=render.place,
        entry="django_orm.iterate",
        kind="query",
        label=evaluation.name,
        reads=evaluation.reads,
    )


def is_local_queryset(name: str, body: Body) -> bool:
    """Whether every step that binds the name binds it to a lazy queryset, and none changes it."""
    binders = body.binders.get(name, [])
    return (
        bool(binders)
        and all(any(lazy.name == name for lazy in step.lazy) for step in binders)
        and name not in body.changers
    )
