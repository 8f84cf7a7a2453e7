"""Views that a careless conversion gets wrong, asked before and after the tool has converted them."""

import pytest

from tests.traps.trap import Trap, all_traps
from unblocker.records.plan import Plan, ViewPlan

TRAPS = all_traps()
WAYS = ("client", "async client", "server")


@pytest.mark.parametrize("both", WAYS, indirect=True, scope="module")
@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_it_does_what_it_did(both, trap):
    differences = both.differences(trap)
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_what_the_tool_decides(plan: Plan, trap: Trap):
    view = next(one for one in plan.views if one.view == f"traps.{trap.family}.{trap.name}")
    assert decided(view, plan) == trap.decided


def decided(view: ViewPlan, plan: Plan) -> tuple[str, ...]:
    """As a trap says it."""
    if view.verdict != "convert":
        codes = dict.fromkeys(one.code for one in view.reasons if one.code != "U301")
        return (view.verdict, *codes)
    functions = [one for one in plan.functions if one.function in view.functions]
    overlaps = any(one.groups or one.loops for one in functions)
    return ("convert", "overlaps") if overlaps else ("convert",)
