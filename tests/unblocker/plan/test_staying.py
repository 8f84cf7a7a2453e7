"""Views that can't become asynchronous: what overlaps in their synchronous code."""

from dataclasses import replace

import pytest

from tests.unblocker.plan.builders import (
    calling,
    fetch,
    function,
    get,
    named_by,
    place,
    query,
    read,
    render,
    step,
    survey_of,
)
from unblocker.config import Config
from unblocker.plan import make_plan
from unblocker.records.plan import Plan, ViewPlan
from unblocker.records.survey import Block, Decorator, Function, Problem, Step, Survey

CONFIG = Config()
WATCHED = (Decorator("app.watched", "project"),)
ATOMIC = (Decorator("django.db.transaction.atomic", "sync-only"),)


def planned(*functions: Function, views: tuple[Function, ...] | None = None) -> Plan:
    return make_plan(survey_of(*functions, views=views), CONFIG)


def only(plan: Plan) -> ViewPlan:
    (view,) = plan.views
    return view


def codes(view: ViewPlan) -> list[str]:
    return [reason.code for reason in view.reasons]


def three_reads() -> tuple[Step, ...]:
    return (read("a"), read("b"), read("c"), step("return", uses=("a", "b", "c")))


def test_a_view_that_would_not_be_awaited_overlaps_in_synchronous_code() -> None:
    plan = planned(function("page", *three_reads(), decorators=WATCHED))
    assert (only(plan).verdict, codes(only(plan))) == ("convert", ["U101", "U530", "U212"])
    (made,) = plan.functions
    assert (made.name, made.is_async, made.twin, made.awaits) == ("page", False, False, ())
    assert [len(group.branches) for group in made.groups] == [3]
    assert only(plan).prediction.saved_ms > 0


def test_a_method_that_a_library_calls_keeps_its_name() -> None:
    hook = function("Page.get_context_data", *three_reads(), is_method=True)
    page = function(
        "Page", calling("", hook.id, implicit=True), obstacles=(Problem("U430", "inherited"),)
    )
    plan = planned(page, hook)
    assert (only(plan).verdict, only(plan).functions) == ("convert", (hook.id,))
    assert [(one.function, one.name, one.is_async) for one in plan.functions] == [
        (hook.id, hook.name, False)
    ]


def test_helpers_that_it_reaches_overlap_inside_whoever_else_calls_them() -> None:
    helper = named_by(function("numbers", *three_reads()), "app.tasks:job", kind="function")
    page = function("page", calling("x", helper.id), render(), decorators=WATCHED)
    plan = planned(page, helper)
    assert only(plan).functions == (helper.id,)
    assert [(one.name, one.twin) for one in plan.functions] == [("numbers", False)]


def test_a_helper_with_an_asynchronous_form_keeps_that() -> None:
    helper = function("numbers", *three_reads())
    converted = function("fast", calling("x", helper.id), fetch("y"), step("return"))
    watched = function("slow", calling("x", helper.id), render(), decorators=WATCHED)
    helper = named_by(helper, converted.id, watched.id)
    plan = planned(converted, watched, helper, views=(converted, watched))
    assert [view.verdict for view in plan.views] == ["convert", "bridge"]
    assert {one.function: one.twin for one in plan.functions} == {
        converted.id: False,
        helper.id: True,
    }


@pytest.mark.parametrize(
    "page",
    [
        function("page", *three_reads(), decorators=(*WATCHED, *ATOMIC)),
        function("page", *three_reads(), obstacles=(Problem("U411", "it calls locals()"),)),
        function("page", get("a"), get("b", "a"), get("c", "b"), decorators=WATCHED),
        function("page", fetch("a"), fetch("b"), read("c"), decorators=WATCHED),
        function(
            "page",
            step("with", atomic=True, blocks=(Block("body", three_reads()),)),
            decorators=WATCHED,
        ),
    ],
    ids=[
        "a transaction",
        "it reads its locals",
        "one after the other",
        "outbound calls",
        "a block in a transaction",
    ],
)
def test_what_is_left(page: Function) -> None:
    plan = planned(page)
    assert only(plan).verdict != "convert"
    assert plan.functions == ()


def test_what_waits_for_other_hosts_does_not_go_onto_the_loop() -> None:
    helper = function("ask", fetch("x"), step("return", uses=("x",)))
    page = function("page", calling("a", helper.id), *three_reads(), decorators=WATCHED)
    (made,) = planned(page, helper).functions
    (group,) = made.groups
    steps = {step for branch in group.branches for step in branch.steps}
    assert page.steps[0].id not in steps
    assert len(group.branches) == 3


def test_a_function_that_was_refused_stays_as_it_is() -> None:
    survey: Survey = survey_of(function("page", *three_reads(), decorators=WATCHED))
    plan = make_plan(survey, CONFIG, refused={"app.views.page"})
    assert (only(plan).verdict, plan.functions) == ("bridge", ())


def test_what_something_else_may_answer_for_stays_synchronous() -> None:
    survey = survey_of(function("page", *three_reads()))
    (view,) = survey.views
    view = replace(view, obstacles=(Problem("U531", "LoginRequiredMixin.dispatch may answer"),))
    plan = make_plan(replace(survey, views=(view,)), CONFIG)
    assert codes(only(plan)) == ["U101", "U530", "U531"]
    assert [one.is_async for one in plan.functions] == [False]


def test_groups_inside_a_branch_are_found() -> None:
    condition = step("if", place(), operations=(query(place()),))
    page = function(
        "page",
        replace(condition, blocks=(Block("body", three_reads()[:3]),)),
        render(),
        decorators=WATCHED,
    )
    (made,) = planned(page).functions
    assert len(made.groups) == 1
