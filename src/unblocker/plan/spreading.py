"""Statements that do several things, spread out: what may begin ahead of a statement as a step of its own before it.

`context = {"topics": Topic.objects.count(), "users": User.objects.count()}` becomes, for grouping, `topics = …`,
`users = …` and the statement that uses both. Where nothing comes of that the statement stays one step.
"""

from collections.abc import Set
from dataclasses import replace

from unblocker.records.asides import AsideId, aside_of
from unblocker.records.plan import Group
from unblocker.records.survey import Operation, Step

SIMPLE = frozenset({"assign", "expression", "return"})


def spread(steps: tuple[Step, ...], wanted: Set[str] | None = None) -> tuple[Step, ...]:
    """The steps, those that are wanted (None: all) and can be spread out replaced by their parts."""
    found: list[Step] = []
    for step in steps:
        taken = taken_aside(step) if wanted is None or step.id in wanted else ()
        found.extend(parts_of(step, taken) if taken else [with_blocks_spread(step, wanted)])
    return tuple(found)


def with_blocks_spread(step: Step, wanted: Set[str] | None) -> Step:
    """The step with the statements inside it spread out."""
    blocks = tuple(replace(one, steps=spread(one.steps, wanted)) for one in step.blocks)
    return replace(step, blocks=blocks) if blocks else step


def taken_aside(step: Step) -> tuple[Operation, ...]:
    """The operations that are worth a step of their own: several, or one ahead of a return."""
    if step.kind not in SIMPLE or step.effects or any(map(str.isidentifier, step.mutates)):
        return ()
    found = tuple(one for one in step.operations if one.early and not one.whole)
    return found if len(found) > 1 or step.kind == "return" else ()


def parts_of(step: Step, taken: tuple[Operation, ...]) -> list[Step]:
    """The operations as assignments, and the statement behind them."""
    facts = tuple(one for one in step.uses if not one.isidentifier())
    aside = [
        Step(
            id=str(AsideId(step.id, operation.place, operation.early)),
            place=operation.place,
            kind="assign",
            text=step.text,
            binds=(operation.early,),
            uses=(*operation.uses, *facts),
            mutates=step.mutates,
            operations=(replace(operation, whole=True),),
        )
        for operation in taken
    ]
    names = tuple(operation.early for operation in taken)
    left = tuple(one for one in step.operations if one not in taken)
    return [*aside, replace(step, operations=left, uses=(*step.uses, *names), transparent=False)]


def spread_by(groups: tuple[Group, ...]) -> frozenset[str]:
    """The statements from which the groups take operations."""
    return frozenset(one.statement for one in map(aside_of, steps_in(groups)) if one)


def spread_well_by(groups: tuple[Group, ...], steps: tuple[Step, ...]) -> frozenset[str]:
    """Those of them in which no operation that stays stands before one that is taken: they would change places.

    `steps` are the steps that the groups were made of.
    """
    taken = steps_in(groups)
    left: set[str] = set()
    passed: set[str] = set()
    for step in steps:
        aside = aside_of(step.id)
        if aside is not None and step.id not in taken:
            left.add(aside.statement)
        elif aside is not None and aside.statement in left:
            passed.add(aside.statement)
    return spread_by(groups) - passed


def steps_in(groups: tuple[Group, ...]) -> frozenset[str]:
    """The ids of all steps of the groups' branches."""
    return frozenset(step for group in groups for branch in group.branches for step in branch.steps)
