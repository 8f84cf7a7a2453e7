"""When two steps may change places or overlap: rules 1 and 2 of the design, as predicates over steps.

Everything here is conservative: a step that is not understood stands in the way of everything.
"""

from unblocker.plan.facts import RENDERED_LATER, UNKNOWN_CALL
from unblocker.records.survey import Location, Operation, Step

CONTROL = frozenset(
    {"return", "raise", "if", "for", "while", "try", "with", "match", "break", "continue", "define", "other"}
)  # fmt: skip


def conflict(ones: tuple[Location, ...], others: tuple[Location, ...]) -> bool:
    """Whether any location of the one may be a location of the other."""
    return any(one.overlaps(other) for one in ones for other in others)


def is_understood(operation: Operation) -> bool:
    """What it reads and writes is known."""
    return operation.entry != UNKNOWN_CALL and not any(
        location.kind == "unknown" for location in (*operation.reads, *operation.writes)
    )


def is_pure_read(operation: Operation) -> bool:
    """It changes nothing and is understood, so that running it early or in vain can't be noticed."""
    return not operation.writes and is_understood(operation)


def may_run_along(step: Step) -> bool:
    """The step is one simple statement whose operations all run, are all understood, and touch nothing else."""
    return (
        step.kind in ("assign", "expression")
        and bool(step.operations)
        and not step.effects
        and all(
            operation.certain
            and operation.scope != "closed"
            and operation.kind not in ("mail", "transaction")
            and operation.entry != RENDERED_LATER
            and is_understood(operation)
            for operation in step.operations
        )
    )


def may_overlap(step: Step) -> bool:
    """It may run along with steps before it: it only reads, and changes no object but by filling its cache."""
    return (
        may_run_along(step)
        and not any(map(str.isidentifier, step.mutates))
        and all(map(is_pure_read, step.operations))
    )


def disturbs(earlier: Step, later: Step) -> bool:
    """Whether the earlier step writes what the later one reads."""
    reads = tuple(location for one in later.operations for location in one.reads)
    return conflict(writes(earlier), reads)


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
