"""Who calls a view by its name: tests do, and other views. One that stays synchronous would get a coroutine."""

from collections.abc import Iterable

from unblocker.plan.facts import Facts
from unblocker.records.places import Place
from unblocker.records.plan import FunctionPlan


def called_synchronously(
    views: Iterable[str], functions: Iterable[FunctionPlan], facts: Facts
) -> dict[str, Place]:
    """Those of the converted views' functions that synchronous code calls, and the first place where it does.

    A caller that is itself converted in place awaits the view; one that gets a twin goes on calling it as it was, too.
    """
    awaiting = {plan.function for plan in functions if plan.is_async and not plan.twin}
    found: dict[str, Place] = {}
    for view in views:
        for one in facts.functions[view].references:
            if one.called and one.function not in awaiting:
                found.setdefault(view, one.place)
    return found
