from dataclasses import replace

import pytest

from tests.unblocker.plan.builders import fetch, get, plain, read, step
from unblocker.plan.loops import overlapping_call
from unblocker.records.survey import Block, Location, Step


def loop(*body: Step, target: str = "item", **fields: object) -> Step:
    return step("for", binds=(target,), uses=("items",), blocks=(Block("body", body),), **fields)


def appended(name: str) -> Step:
    return step("expression", uses=("found", name), mutates=("found",))


def test_the_call_at_the_loops_top_may_start_ahead() -> None:
    call = fetch("answer", "item", "base")
    assert overlapping_call(loop(call, appended("answer"))) == call.operations[0]


def test_also_inside_a_try_with_continue() -> None:
    call = fetch("answer", "item")
    handler = Block("handler", (step("continue"),))
    tried = step("try", blocks=(Block("body", (call,)), handler))
    assert overlapping_call(loop(tried, appended("answer"))) == call.operations[0]


def ending(kind: str) -> Step:
    return step("if", uses=("answer",), blocks=(Block("body", (step(kind),)),))


@pytest.mark.parametrize("kind", ["break", "return", "raise", "while", "for", "define"])
def test_left_alone_where_the_body_may_end_the_loop_or_holds_another(kind: str) -> None:
    assert overlapping_call(loop(fetch("answer", "item"), ending(kind))) is None


@pytest.mark.parametrize("kind", ["break", "return", "raise"])
def test_a_loop_that_may_end_starts_ahead_where_the_project_allows_it(kind: str) -> None:
    call = fetch("answer", "item")
    assert overlapping_call(loop(call, ending(kind)), eager=True) == call.operations[0]


@pytest.mark.parametrize("kind", ["while", "for", "define"])
def test_a_loop_that_holds_another_is_left_alone_in_any_case(kind: str) -> None:
    assert overlapping_call(loop(fetch("answer", "item"), ending(kind)), eager=True) is None


def test_left_alone_where_the_call_needs_what_the_loop_makes() -> None:
    assert (
        overlapping_call(loop(fetch("answer", "item", "cursor"), plain("cursor", "answer"))) is None
    )


def test_left_alone_where_the_call_may_not_be_reached() -> None:
    guarded = step("if", blocks=(Block("body", (fetch("answer", "item"),)),))
    assert overlapping_call(loop(guarded)) is None


def test_left_alone_where_something_in_the_body_writes() -> None:
    write = read("row", writes=(Location("table", "app_thing"),))
    assert overlapping_call(loop(fetch("answer", "item"), write)) is None


def with_else(one: Step) -> Step:
    return replace(one, blocks=(*one.blocks, Block("orelse", (plain("x"),))))


def test_an_else_that_always_runs_is_kept() -> None:
    call = fetch("answer", "item")
    assert overlapping_call(with_else(loop(call))) == call.operations[0]


def test_left_alone_with_an_else_that_may_not_run() -> None:
    assert overlapping_call(with_else(loop(fetch("answer", "item"), ending("break")))) is None


def test_queries_of_a_loop_are_left_to_prefetching() -> None:
    assert overlapping_call(loop(get("row", "item"))) is None


def test_left_alone_where_the_target_is_rebound_or_of_several_names() -> None:
    assert overlapping_call(loop(fetch("answer", "item"), plain("item", "answer"))) is None
    pair = replace(loop(fetch("answer", "item")), binds=("key", "item"))
    assert overlapping_call(pair) is None
