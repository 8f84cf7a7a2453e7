"""Which converted helpers need no `async def`: those of which only work for the background leaves.

`background` is called, not awaited, so such a helper waits for nothing, and its callers go on calling it as they did.
"""

from collections.abc import Set
from dataclasses import replace

from unblocker.plan.facts import Facts, walk
from unblocker.plan.spreading import spread, spread_by, steps_in
from unblocker.records.places import Place
from unblocker.records.plan import FunctionPlan


def staying_sync(plans: dict[str, FunctionPlan], in_place: Set[str], facts: Facts) -> set[str]:
    """Those of the helpers converted in place that wait for nothing; the largest such set, found by striking out."""
    awaited = awaited_in_groups(plans, facts)
    found = {one for one in in_place - awaited if not overlaps(plans[one])}
    while True:
        kept = {
            one
            for one in found
            if all(is_called(edit.form, edit.name, found) for edit in plans[one].awaits)
        }
        if kept == found:
            return found
        found = kept


def recoloured(plan: FunctionPlan, sync: Set[str]) -> FunctionPlan:
    """The plan, in which the helpers that stay synchronous are called as they were."""
    awaits = tuple(edit for edit in plan.awaits if edit.name not in sync)
    return replace(plan, awaits=awaits, is_async=plan.is_async and plan.function not in sync)


def is_called(form: str, name: str, sync: Set[str]) -> bool:
    """Whether the edit leaves a call that nobody awaits."""
    return name in sync if name else form == "background"


def overlaps(plan: FunctionPlan) -> bool:
    """Whether the function does more than to make calls in their places."""
    return bool(plan.groups or plan.loops or plan.atomics)


def awaited_in_groups(plans: dict[str, FunctionPlan], facts: Facts) -> set[str]:
    """The helpers that overlap with something, or start ahead in a loop: there they must be awaitable."""
    found = {loop.operation.name for plan in plans.values() for loop in plan.loops}
    for plan in plans.values():
        places = places_in_groups(plan, facts)
        found |= {edit.name for edit in plan.awaits if edit.place in places}
    return found


def places_in_groups(plan: FunctionPlan, facts: Facts) -> set[Place]:
    """Where the branches of the function's groups have their operations."""
    grouped = steps_in(plan.groups)
    steps = walk(spread(facts.functions[plan.function].steps, spread_by(plan.groups)))
    return {
        one.place
        for step in steps
        if step.id in grouped
        for inner in walk((step,))
        for one in inner.operations
    }
