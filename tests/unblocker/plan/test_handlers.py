"""Classes of several handlers: asynchronous together, or not at all."""

from dataclasses import replace

import pytest

from tests.unblocker.plan.builders import (
    calling,
    function,
    named_by,
    place,
    query,
    read,
    step,
    survey_of,
)
from unblocker.config import Config
from unblocker.plan import make_plan
from unblocker.records.plan import Plan
from unblocker.records.survey import (
    Block,
    Function,
    Operation,
    Problem,
    Reference,
    ReferenceKind,
    Survey,
    View,
)

SEVERAL = Problem("U431", "more than one method")
INHERITED = Problem("U430", "inherited methods")


def handler(name: str, *steps: object, **fields: object) -> Function:
    steps = steps or (read("a"), read("b"), read("c"), step("return", uses=("a", "b", "c")))
    return function(name, *steps, is_method=True, **fields)  # type: ignore[arg-type]


def class_of(name: str, *handlers: Function, obstacle: Problem = SEVERAL) -> tuple[View, Function]:
    """A view and the function that stands for all it does."""
    blocks = tuple(
        Block("case", (calling("", one.id, implicit=True),)) for one in handlers if one.steps
    )
    whole = function(name, step("match", blocks=blocks), obstacles=(obstacle,))
    ids = tuple(one.id for one in handlers)
    return View(f"app.views.{name}", "class", (), whole.place, whole.id, handlers=ids), whole


def planned(*classes: tuple[View, Function], methods: tuple[Function, ...]) -> Plan:
    survey: Survey = survey_of(*methods, *(whole for _, whole in classes), views=())
    return make_plan(replace(survey, views=tuple(view for view, _ in classes)), Config())


def converted(plan: Plan) -> dict[str, bool]:
    """The functions that change, and whether they become asynchronous."""
    return {one.function.partition(":")[2]: one.is_async for one in plan.functions}


def reasons(plan: Plan) -> list[list[str]]:
    return [[one.code for one in view.reasons] for view in plan.views]


def test_all_handlers_become_asynchronous_those_without_io_too() -> None:
    get, post = handler("Page.get"), handler("Page.post", step("return"))
    plan = planned(class_of("Page", get, post), methods=(get, post))
    assert converted(plan) == {"Page.get": True, "Page.post": True}
    assert reasons(plan) == [["U101"]]
    assert {one.name for one in plan.functions} == {"Page.get", "Page.post"}
    assert not any(one.twin for one in plan.functions)


def test_a_handler_that_calls_another_awaits_it() -> None:
    get = handler("Page.get")
    post = handler("Page.post", calling("x", get.id, "self"), step("return", uses=("x",)))
    plan = planned(class_of("Page", named_by(get, post.id), post), methods=(get, post))
    (edit,) = next(one.awaits for one in plan.functions if one.function == post.id)
    assert (edit.form, edit.name) == ("twin", "Page.get")


def test_handlers_that_call_each_other_end_the_search() -> None:
    get = handler("Page.get", read("a"), read("b"), read("c"), calling("x", "app.views:Page.post"))
    post = handler("Page.post", calling("x", get.id))
    plan = planned(class_of("Page", get, post), methods=(get, post))
    assert converted(plan) == {"Page.get": True, "Page.post": True}


def test_a_method_of_the_class_is_converted_with_its_only_callers() -> None:
    get = handler("Page.get", calling("x", "app.views:Page.numbers", "self"), step("return"))
    post = handler("Page.post", step("return"))
    numbers = named_by(handler("Page.numbers"), get.id)
    plan = planned(class_of("Page", get, post), methods=(get, post, numbers))
    assert converted(plan) == {"Page.get": True, "Page.post": True, "Page.numbers": True}
    assert [one.twin for one in plan.functions] == [False] * 3


def test_a_method_that_others_call_gets_a_twin() -> None:
    get = handler("Page.get", calling("x", "app.views:Page.numbers", "self"), step("return"))
    post = handler("Page.post", step("return"))
    numbers = named_by(handler("Page.numbers"), get.id, "app.tasks:job")
    plan = planned(class_of("Page", get, post), methods=(get, post, numbers))
    assert {one.name: one.twin for one in plan.functions if one.twin} == {"aPage.numbers": True}


@pytest.mark.parametrize(
    ("first", "obstacle"),
    [
        (query(place()), SEVERAL),
        (None, INHERITED),
    ],
    ids=["a mixin reads first", "another handler is the library's"],
)
def test_where_there_is_more_to_it_they_stay(first: Operation | None, obstacle: Problem) -> None:
    get, post = handler("Page.get"), handler("Page.post", step("return"))
    view, whole = class_of("Page", get, post, obstacle=obstacle)
    if first is not None:
        reading = step("expression", operations=(first,))
        whole = replace(whole, steps=(reading, *whole.steps))
    plan = planned((view, whole), methods=(get, post))
    assert converted(plan) == {"Page.get": False}


def test_one_handler_that_cannot_be_rewritten_keeps_the_others() -> None:
    get = handler("Page.get")
    post = handler("Page.post", step("return"), obstacles=(Problem("U410", "a generator"),))
    plan = planned(class_of("Page", get, post), methods=(get, post))
    assert converted(plan) == {"Page.get": False}
    assert reasons(plan) == [["U101", "U530", "U410"]]


def test_a_handler_shared_with_a_class_that_stays_stays_too() -> None:
    get = handler("Page.get")
    post = handler("Locked.post", step("return"), obstacles=(Problem("U410", "a generator"),))
    classes = class_of("Page", get), class_of("Locked", get, post)
    plan = planned(*classes, methods=(get, post))
    assert converted(plan) == {"Page.get": False}
    assert reasons(plan)[0] == ["U101", "U530", "U533"]


def test_what_depends_on_a_class_that_stays_stays_in_its_turn() -> None:
    first, last = handler("First.get"), handler("Last.get", obstacles=(Problem("U410", "so"),))
    middle = handler("Middle.post", calling("x", last.id), *handler("x").steps)
    classes = class_of("First", first, middle), class_of("Last", last), class_of("Middle", middle)
    plan = planned(*classes, methods=(first, middle, last))
    assert not any(converted(plan).values())


@pytest.mark.parametrize("kind", ["test", "function"])
def test_a_handler_that_is_called_synchronously_stays(kind: ReferenceKind) -> None:
    caller = Reference(place(), kind, "app.other:call", called=True)
    get = replace(handler("Page.get"), references=(caller,))
    post = handler("Page.post", step("return"))
    plan = planned(class_of("Page", get, post), methods=(get, post))
    assert converted(plan) == {"Page.get": False}
    assert reasons(plan) == [["U101", "U530", "U520"]]
