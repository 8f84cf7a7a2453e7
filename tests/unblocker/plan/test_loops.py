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


@pytest.mark.parametrize("kind", ["break", "return", "raise", "while", "for", "define"])
def test_left_alone_where_the_body_may_end_the_loop_or_holds_another(kind: str) -> None:
    ends = step("if", uses=("answer",), blocks=(Block("body", (step(kind),)),))
    assert overlapping_call(loop(fetch("answer", "item"), ends)) is None


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


def test_left_alone_with_an_else() -> None:
    plain_loop = loop(fetch("answer", "item"))
    with_else = replace(plain_loop, blocks=(*plain_loop.blocks, Block("orelse", (plain("x"),))))
    assert overlapping_call(with_else) is None


def test_queries_of_a_loop_are_left_to_prefetching() -> None:
    assert overlapping_call(loop(get("row", "item"))) is None


def test_left_alone_where_the_target_is_rebound_or_of_several_names() -> None:
    assert overlapping_call(loop(fetch("answer", "item"), plain("item", "answer"))) is None
    pair = replace(loop(fetch("answer", "item")), binds=("key", "item"))
    assert overlapping_call(pair) is None
