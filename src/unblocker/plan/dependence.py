"""When two steps may change places or overlap: rules 1 and 2 of the design, as predicates over steps.

Everything here is conservative: a step that is not understood stands in the way of everything.
"""

from unblocker.plan.facts import UNKNOWN_CALL
from unblocker.records.survey import Location, Operation, Step

CONTROL = frozenset(
    {"return", "raise", "if", "for", "while", "try", "with", "match", "break", "continue", "define", "other"}
)  # fmt: skip


def conflict(ones: tuple[Location, ...], others: tuple[Location, ...]) -> bool:
    """Whether any location of the one may be a location of the other."""
    return any(one.overlaps(other) for one in ones for other in others)


def is_pure_read(operation: Operation) -> bool:
    """It changes nothing and is understood, so that running it early or in vain can't be noticed."""
    return (
        not operation.writes
        and operation.entry != UNKNOWN_CALL
        and not any(location.kind == "unknown" for location in operation.reads)
    )


def may_overlap(step: Step) -> bool:
    """The step is one simple statement whose operations all run, all read only, and touch nothing else."""
    return (
        step.kind in ("assign", "expression")
        and bool(step.operations)
        and not step.effects
        and not step.mutates
        and all(
            operation.certain and operation.scope != "closed" and is_pure_read(operation)
            for operation in step.operations
        )
    )


def has_guard(step: Step) -> bool:
    """It may end the view by its outcome (a 404, `DoesNotExist`), so that nothing after it may have started.

    Failures of the I/O itself are no guards: rule 3 settles which error wins.
    """
    return any(
        operation.guard or (operation.kind in ("query", "helper") and operation.raises)
        for operation in step.operations
    )


def touches(step: Step) -> frozenset[str]:
    """Locals that the step reads, binds or may change."""
    return frozenset(step.uses) | frozenset(step.binds) | frozenset(step.mutates)


def depends(later: Step, earlier: Step) -> bool:
    """Whether `later` needs `earlier` to have run, or must not run before it, because of locals."""
    changed_before = frozenset(earlier.binds) | frozenset(earlier.mutates)
    changed_after = frozenset(later.binds) | frozenset(later.mutates)
    return bool(changed_before & touches(later) or changed_after & frozenset(earlier.uses))


def writes(step: Step) -> tuple[Location, ...]:
    """Everything outside the function that the step, with all that is nested in it, may change."""
    found = [location for operation in step.operations for location in operation.writes]
    found.extend(step.effects)
    for block in step.blocks:
        for inner in block.steps:
            found.extend(writes(inner))
    return tuple(found)
