"""Querysets that a template is bound to evaluate: fetched together before it is rendered, still querysets (rule 7)."""

from unblocker.plan.dependence import has_guard
from unblocker.plan.facts import walk
from unblocker.plan.grouping import load_step
from unblocker.records.survey import Evaluation, Operation, Step


def with_loads(block: tuple[Step, ...], function: tuple[Step, ...]) -> tuple[Step, ...]:
    """The block's steps, with a load in front of the rendering step for each queryset its template surely evaluates."""
    result: list[Step] = []
    for step in block:
        result.extend(loads_before(step, function))
        result.append(step)
    return tuple(result)


def loads_before(step: Step, function: tuple[Step, ...]) -> list[Step]:
    """The loads that belong in front of the step; none where its own expressions may end the view first."""
    if step.kind not in ("return", "assign", "expression") or has_guard(step):
        return []
    return [
        load_step(evaluation.name, step, load_operation(operation, evaluation))
        for operation in step.operations
        if operation.certain and operation.scope == "body"
        for evaluation in operation.evaluates
        if evaluation.certain and is_local_queryset(evaluation.name, function)
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


def is_local_queryset(name: str, function: tuple[Step, ...]) -> bool:
    """Whether every step that binds the name binds it to a lazy queryset, and none changes it."""
    steps = walk(function)
    binders = [step for step in steps if name in step.binds]
    return (
        bool(binders)
        and all(any(lazy.name == name for lazy in step.lazy) for step in binders)
        and not any(name in step.mutates for step in steps)
    )
