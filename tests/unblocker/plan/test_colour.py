"""Helpers of which only mail leaves stay `def`; those that wait, or must be awaited, do not."""

from dataclasses import replace

from tests.unblocker.plan.builders import (
    calling,
    fetch,
    function,
    get,
    mailing,
    named_by,
    read,
    render,
    step,
    survey_of,
)
from unblocker.config import Config
from unblocker.plan import make_plan
from unblocker.records.plan import FunctionPlan
from unblocker.records.survey import Function, Step

PAGE = "app.views:page"


def notify(*steps: Step, named_in: str = PAGE, name: str = "notify") -> Function:
    return named_by(function(name, *(steps or (mailing(),))), named_in)


def changed(*functions: Function) -> dict[str, FunctionPlan]:
    plan = make_plan(survey_of(*functions), Config())
    return {one.function.partition(":")[2]: one for one in plan.functions}


def calls(plan: FunctionPlan) -> list[str]:
    """The helpers that it awaits."""
    return [edit.name for edit in plan.awaits if edit.form == "twin"]


def test_a_helper_that_only_sends_mail_stays_synchronous_and_is_called_as_before() -> None:
    helper = notify()
    plans = changed(function("page", get("a"), calling("", helper.id), render()), helper)
    assert [edit.form for edit in plans["notify"].awaits] == ["background"]
    assert not plans["notify"].is_async
    assert plans["page"].is_async
    assert calls(plans["page"]) == []


def test_so_does_one_that_only_calls_such_a_helper() -> None:
    inner = notify(named_in="app.views:outer")
    outer = notify(calling("", inner.id), name="outer")
    plans = changed(function("page", get("a"), calling("", outer.id), render()), outer, inner)
    assert not plans["notify"].is_async
    assert not plans["outer"].is_async
    assert plans["outer"].awaits == ()
    assert calls(plans["page"]) == []


def test_one_that_also_waits_is_awaited() -> None:
    helper = notify(fetch("rates"), mailing("rates"))
    plans = changed(function("page", get("a"), calling("", helper.id), render()), helper)
    assert plans["notify"].is_async
    assert calls(plans["page"]) == ["notify"]


def test_one_whose_callee_waits_is_awaited() -> None:
    inner = notify(fetch("rates"), name="inner", named_in="app.views:notify")
    helper = notify(mailing(), calling("", inner.id))
    plans = changed(function("page", get("a"), calling("", helper.id), render()), helper, inner)
    assert plans["notify"].is_async
    assert calls(plans["page"]) == ["notify"]


def test_one_that_keeps_its_synchronous_form_has_an_asynchronous_twin() -> None:
    helper = named_by(notify(), "app.management:command", kind="function")
    plans = changed(function("page", get("a"), calling("", helper.id), render()), helper)
    assert plans["notify"].is_async
    assert plans["notify"].twin
    assert calls(plans["page"]) == ["anotify"]


def test_one_that_overlaps_is_awaited() -> None:
    helper = notify(mailing(), step("return"))
    page = function(
        "page", calling("a", helper.id), read("b"), fetch("c"), step("return", uses=("a", "b", "c"))
    )
    plans = changed(page, helper)
    (group,) = plans["page"].groups
    assert len(group.branches) == 3
    assert plans["notify"].is_async
    assert calls(plans["page"]) == ["notify"]


def test_views_are_asynchronous_whatever_leaves_them() -> None:
    page = function("page", get("a"), mailing("a"), render())
    assert changed(replace(page, references=()))["page"].is_async
