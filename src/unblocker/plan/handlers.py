"""The handlers of class-based views: those of a class become asynchronous together, or none of them (Django's rule)."""

from collections.abc import Mapping, Sequence

from unblocker.plan.conversion import Conversion
from unblocker.plan.facts import Facts, operations
from unblocker.records.plan import Reason, ViewPlan
from unblocker.records.survey import Function, View

FINDING_WHO_ASKS = ("django_auth.", "django_sessions.")


def answering(view: View, function: Function, facts: Facts) -> tuple[Function, ...]:
    """The functions that answer the view's requests: its function, or the handlers where these are all there is."""
    if function.id in view.handlers or not view.handlers:
        return (function,)
    does_more = any(
        one.callee not in view.handlers and not one.entry.startswith(FINDING_WHO_ASKS)
        for one in operations(function.steps)
    )
    if does_more or any(one.code != "U431" for one in function.obstacles):
        return (function,)
    return tuple(facts.functions[one] for one in view.handlers)


def as_one(conversions: Sequence[Conversion]) -> Conversion:
    """The conversions of the handlers as that of one function, the first."""
    return Conversion(
        conversions[0].plan,
        helpers=tuple(one for each in conversions for one in each.helpers),
        accepted=tuple(one for each in conversions for one in each.accepted),
        impediments=tuple(one for each in conversions for one in each.impediments),
        blocks=any(each.blocks for each in conversions),
    )


def own_functions(
    views: Sequence[View], plans: Sequence[ViewPlan], facts: Facts
) -> dict[str, tuple[str, ...]]:
    """The functions that answer requests and are to be asynchronous, with the ids of the views that have it so."""
    found: dict[str, tuple[str, ...]] = {}
    for view, plan in zip(views, plans, strict=True):
        for one in plan.functions:
            if one == plan.functions[0] or one in facts.handlers:
                found[one] = (*found.get(one, ()), view.id)
    return found


def shared_with_others(own: Mapping[str, tuple[str, ...]], facts: Facts) -> dict[str, Reason]:
    """Those of the functions that also answer for a view which stays synchronous, and why they must stay, too."""
    asynchronous = {view for views in own.values() for view in views}
    found: dict[str, Reason] = {}
    for one in own:
        for owner in facts.handlers.get(one, ()):
            if owner not in asynchronous:
                function = facts.functions[one]
                text = f"{function.name} also answers for {owner}, which stays synchronous"
                found.setdefault(one, Reason("U533", text, function.place))
    return found
