"""Loops over independent calls: which `for` may start its calls ahead of its turns, in order and bounded.

The loop's body stays as it is; only its one slow call is started early, and `await answer` stands in its place, so that
a `try` around it, `continue` after it and what is appended in the loop keep their order. That is right only where the
call reads and nothing in the body may end the loop before all items have had their turn; where something may, calls are
made that the loop would not have come to, which only the project can allow.
"""

from unblocker.plan.dependence import is_pure_read
from unblocker.plan.facts import walk
from unblocker.records.survey import Operation, Step

LIMIT = 10
"""Calls that a converted loop has under way at the same time."""


def overlapping_call(loop: Step, *, eager: bool = False) -> Operation | None:
    """The one call of the `for` loop that may start ahead; None where the loop must stay serial.

    With `eager` also in a loop that may end early.
    """
    body = next((block.steps for block in loop.blocks if block.kind == "body"), ())
    if loop.kind != "for" or len(loop.binds) != 1 or (may_end_early(loop) and not eager):
        return None
    inner = walk(body)
    if any(step.kind in ("while", "for", "define") for step in inner):
        return None
    found = first_operation(body)
    if found is None:
        return None
    step, operation = found
    others = [one for each in inner for one in each.operations if one.id != operation.id]
    if not starts_alone(operation) or any(not is_pure_read(one) for one in others):
        return None
    changed = {name for each in inner for name in (*each.binds, *each.mutates)}
    needs = frozenset(operation.uses or step.uses)
    return None if needs & (changed - {*loop.binds}) or loop.binds[0] in changed else operation


def may_end_early(loop: Step) -> bool:
    """Whether something in the loop's body may keep later items from having their turn."""
    bodies = (block.steps for block in loop.blocks if block.kind == "body")
    return any(step.kind in ("break", "return", "raise") for body in bodies for step in walk(body))


def starts_alone(operation: Operation) -> bool:
    """A call of its own, carried out at every turn, that only reads and cannot answer the request."""
    return (
        operation.certain
        and not operation.implicit
        and not operation.guard
        and operation.scope == "body"
        and operation.kind == "http"
        and is_pure_read(operation)
    )


def first_operation(body: tuple[Step, ...]) -> tuple[Step, Operation] | None:
    """The first operation of a turn, if it is sure to be reached: in the body itself or at the top of a `try`."""
    for step in body:
        if step.operations:
            return step, step.operations[0]
        if step.kind == "try":
            inside = next(block.steps for block in step.blocks if block.kind == "body")
            return first_operation(inside)
        if step.kind not in ("assign", "expression"):
            return None
    return None
