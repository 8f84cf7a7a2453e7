from dataclasses import replace

from tests.unblocker.plan.builders import plain, step
from unblocker.plan.body import body_of
from unblocker.records.survey import Block


def test_uses_and_changes_in_nested_blocks_count() -> None:
    inner = replace(plain("x", "a"), mutates=("b",))
    outer = step("if", binds=("c",), blocks=(Block("body", (inner,)),))
    body = body_of((outer,))
    assert body.is_used_outside("a", frozenset({outer.id}))
    assert body.is_used_outside("b", frozenset({outer.id}))
    assert body.binders == {"c": [outer], "x": [inner]}


def test_uses_inside_do_not_count() -> None:
    one = plain("x", "a")
    body = body_of((one, plain("a")))
    assert not body.is_used_outside("a", frozenset({one.id}))
    assert not body.is_used_outside("nobody", frozenset())
