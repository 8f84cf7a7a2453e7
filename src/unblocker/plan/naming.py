"""What a converted helper is called: its own name where only converted code calls it, else with an `a` (rule 6)."""

from dataclasses import replace

from unblocker.plan.colour import recoloured, staying_sync
from unblocker.plan.facts import Facts
from unblocker.records.plan import Await, FunctionPlan
from unblocker.records.survey import Function


def settle(
    plans: dict[str, FunctionPlan], views: set[str], facts: Facts
) -> tuple[FunctionPlan, ...]:
    """The plans with their final names, the calls between them included; views keep theirs and are converted in place.

    A helper is converted in place if everything that names it is converted with it; otherwise the sync form stays and
    its twin stands beside it.
    """
    helpers = helpers_in_place(plans, views, facts)
    in_place = views | helpers
    sync = staying_sync(plans, helpers, facts)
    plans = {one: recoloured(plan, sync) for one, plan in plans.items()}
    names = {
        function_id: facts.functions[function_id].name if function_id in in_place else plan.name
        for function_id, plan in plans.items()
    }
    return tuple(
        replace(
            plan,
            name=names[function_id],
            twin=function_id not in in_place,
            callers=() if function_id in in_place else files_calling(function_id, plans),
            awaits=tuple(resolved(one, names) for one in plan.awaits),
            loops=tuple(
                replace(one, operation=resolved(one.operation, names)) for one in plan.loops
            ),
        )
        for function_id, plan in plans.items()
    )


def files_calling(function_id: str, plans: dict[str, FunctionPlan]) -> tuple[str, ...]:
    """The files other than the function's own whose converted code calls it."""
    files = {
        plan.file
        for plan in plans.values()
        if any(names_helper(one) and one.name == function_id for one in edits_of(plan))
    }
    return tuple(sorted(files - {plans[function_id].file}))


def edits_of(plan: FunctionPlan) -> tuple[Await, ...]:
    """Every awaited call, those of its loops included."""
    return (*plan.awaits, *(loop.operation for loop in plan.loops))


def names_helper(edit: Await) -> bool:
    """Its name is, until it is settled, the id of a helper."""
    return edit.form == "twin" or (edit.form == "background" and bool(edit.name))


def resolved(edit: Await, names: dict[str, str]) -> Await:
    """The edit with the function id that stood for a helper replaced by the helper's name."""
    if names_helper(edit):
        return replace(edit, name=names[edit.name])
    return edit


def helpers_in_place(plans: dict[str, FunctionPlan], views: set[str], facts: Facts) -> set[str]:
    """Helpers all of whose callers end up asynchronous; the largest such set, found by striking out."""
    candidates = {one for one in plans if one not in views and facts.functions[one].references}
    while True:
        converted = views | candidates
        kept = {one for one in candidates if named_only_in(facts.functions[one], converted)}
        if kept == candidates:
            return candidates
        candidates = kept


def named_only_in(function: Function, converted: set[str]) -> bool:
    """Whether each place that names the function stands in a function that is converted in place."""
    return all(
        one.kind in ("view", "function") and one.function in converted
        for one in function.references
    )
