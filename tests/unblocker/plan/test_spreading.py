"""Statements that do several things: what may begin ahead of them overlaps, in its order or not at all."""

from dataclasses import replace

from tests.unblocker.plan.builders import function, get, place, plain, query, read, step, survey_of
from unblocker.config import Config
from unblocker.plan import make_plan
from unblocker.plan.body import body_of
from unblocker.plan.loads import groups_with_loads
from unblocker.plan.spreading import spread
from unblocker.records.plan import Group
from unblocker.records.survey import Location, Operation, Step


def early(name: str, **fields: object) -> Operation:
    return replace(query(place(), whole=False), early=name, **fields)  # type: ignore[arg-type]


def several(*operations: Operation, kind: str = "return", **fields: object) -> Step:
    return replace(step(kind, operations=operations), **fields)  # type: ignore[arg-type]


def groups(*steps: Step) -> tuple[Group, ...]:
    return groups_with_loads(steps, body_of(steps))


def exports(group: Group) -> list[tuple[str, ...]]:
    return [branch.exports for branch in group.branches]


def test_parts_overlap_in_front_of_their_statement() -> None:
    last = several(early("topics"), early("users"))
    (group,) = groups(last)
    assert group.anchor == last.id
    assert exports(group) == [("topics",), ("users",)]
    assert all(branch.steps[0].startswith(f"{last.id}/") for branch in group.branches)


def test_they_overlap_with_the_statements_before() -> None:
    first = read("a")
    (group,) = groups(first, several(early("b"), uses=("a",)))
    assert group.anchor == first.id
    assert exports(group) == [("a",), ("b",)]


def test_one_part_of_an_assignment_stays_in_it() -> None:
    alone = several(early("b"), kind="assign", binds=("x",))
    assert spread((alone,)) == (alone,)


def test_what_is_the_whole_value_stays_in_its_statement() -> None:
    whole = several(early("a", whole=True))
    assert spread((whole,)) == (whole,)


def test_a_statement_that_does_something_else_stays_whole() -> None:
    counting = several(early("a"), early("b"), effects=(Location("session"),))
    changing = several(early("a"), early("b"), mutates=("context",))
    for one in (counting, changing):
        assert spread((one,)) == (one,)


def test_a_part_behind_a_guard_that_stays_is_not_begun_before_it() -> None:
    guard = early("first", guard=True)
    assert groups(several(guard, early("b"), early("c"))) == ()


def test_a_guard_may_be_the_last_to_begin() -> None:
    guard = early("last", guard=True)
    (group,) = groups(several(early("a"), early("b"), guard))
    assert exports(group) == [("a",), ("b",), ("last",)]


def test_what_a_part_needs_is_there_before() -> None:
    (group,) = groups(get("order"), several(early("a", uses=("order",)), early("b")))
    assert exports(group) == [("a",), ("b",)]


def test_the_prediction_counts_them_as_overlapping() -> None:
    plan = make_plan(
        survey_of(function("page", plain("x"), several(early("a"), early("b"), early("c")))),
        Config(),
    )
    (view,) = plan.views
    assert view.prediction.before_ms == 3 * view.prediction.after_ms


def test_both_groups_in_front_of_a_statement_are_predicted() -> None:
    parts = several(early("a"), early("b", guard=True), early("c"), early("d"))
    assert [exports(one) for one in groups(parts)] == [[("a",), ("b",)], [("c",), ("d",)]]
    (view,) = make_plan(survey_of(function("page", parts)), Config()).views
    assert view.prediction.before_ms == 2 * view.prediction.after_ms


def test_parts_that_stay_stay_in_their_order() -> None:
    """The second writes what the third reads: only what stands before it is begun."""
    writing = early("b", writes=(Location("table", "app_thing"),))
    (group,) = groups(read("x"), several(early("a"), writing, early("c"), uses=("x",)))
    assert exports(group) == [("x",), ("a",)]


def test_what_must_stay_in_its_place_is_not_spread_out() -> None:
    """A step that holds its thread is of the kind `other` where a function stays synchronous."""
    held = several(early("a"), early("b"), kind="other")
    assert spread((held,)) == (held,)
