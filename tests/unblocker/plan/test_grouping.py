from dataclasses import replace

import pytest

from tests.unblocker.plan.builders import (
    fetch,
    get,
    guard_if,
    lazy,
    mailing,
    plain,
    read,
    render,
    step,
)
from unblocker.plan.body import body_of
from unblocker.plan.grouping import groups_of
from unblocker.plan.loads import groups_with_loads
from unblocker.records.plan import Group
from unblocker.records.survey import Block, Location, Step


def grouped(*steps: Step) -> tuple[Group, ...]:
    return groups_with_loads(steps, body_of(steps))


def arms(group: Group) -> list[tuple[str, ...]]:
    return [branch.steps or branch.loads for branch in group.branches]


def test_independent_reads_overlap_in_program_order() -> None:
    one, two, three = read("a"), read("b"), fetch("c")
    used = step("return", uses=("a", "b", "c"))
    (group,) = grouped(one, two, three, used)
    assert arms(group) == [(one.id,), (two.id,), (three.id,)]
    assert [branch.exports for branch in group.branches] == [("a",), ("b",), ("c",)]
    assert group.anchor == one.id
    assert group.note == "a, b and c do not depend on each other: they run at the same time."


def test_one_read_is_no_group() -> None:
    assert grouped(read("a"), step("return", uses=("a",))) == ()


def test_a_read_that_needs_the_one_before_waits() -> None:
    assert grouped(read("a"), read("b", "a")) == ()


def test_two_levels_become_two_groups() -> None:
    a, b = read("a"), read("b")
    c, d = read("c", "a", "b"), read("d", "a", "b")
    first, second = grouped(a, b, c, d)
    assert arms(first) == [(a.id,), (b.id,)]
    assert arms(second) == [(c.id,), (d.id,)]


def test_code_that_handles_a_result_stays_with_its_branch() -> None:
    a, handled, b = fetch("a"), plain("x", "a"), fetch("b")
    (group,) = grouped(a, handled, b, step("return", uses=("x", "b")))
    assert arms(group) == [(a.id, handled.id), (b.id,)]
    assert group.branches[0].exports == ("x",)


def test_code_that_handles_the_last_result_stays_behind_the_group() -> None:
    a, b, handled = fetch("a"), fetch("b"), plain("x", "b")
    (group,) = grouped(a, b, handled, step("return", uses=("a", "x")))
    assert arms(group) == [(a.id,), (b.id,)]


def test_an_earlier_branch_is_not_extended_past_a_later_one() -> None:
    a, b, c = read("a"), read("b"), read("c", "a")
    (group,) = grouped(a, b, c)
    assert arms(group) == [(a.id,), (b.id,)]


@pytest.mark.parametrize("between", ["plain", "if", "mail", "effect", "mutates"])
def test_what_may_be_noticed_keeps_reads_apart(between: str) -> None:
    barrier = {
        "plain": plain("x", "request"),
        "if": guard_if("request"),
        "mail": mailing("request"),
        "effect": replace(plain("x"), effects=(Location("session"),)),
        "mutates": step("expression", uses=("items",), mutates=("items",)),
    }[between]
    assert grouped(read("a"), barrier, read("b")) == ()


def test_transparent_steps_move_before_the_group() -> None:
    a, query, b = read("a"), lazy("items"), read("b", "items")
    (group,) = grouped(a, query, b)
    assert group.hoisted == (query.id,)
    assert group.anchor == a.id


def test_transparent_steps_that_need_a_branch_stay_behind_and_hold_what_needs_them() -> None:
    a, b, query, c = read("a"), read("b"), lazy("items", "a"), read("c", "items")
    (group,) = grouped(a, b, query, c)
    assert arms(group) == [(a.id,), (b.id,)]
    assert query.id not in group.hoisted


def test_a_guard_may_be_the_last_to_start() -> None:
    a, found = read("a"), get("found")
    (group,) = grouped(a, found, read("b"))
    assert arms(group) == [(a.id,), (found.id,)]


def test_nothing_starts_before_a_guard_ahead_of_it() -> None:
    assert grouped(get("found"), read("a")) == ()


def test_a_write_may_be_the_first_to_start() -> None:
    write, other = read("a", writes=(Location("table", "app_other"),)), read("b")
    (group,) = grouped(write, other)
    assert arms(group) == [(write.id,), (other.id,)]


def test_a_write_does_not_start_beside_what_stands_before_it() -> None:
    assert grouped(read("a"), read("b", writes=(Location("table", "app_other"),))) == ()


def test_a_read_waits_for_a_write_of_what_it_reads() -> None:
    assert grouped(read("a", writes=(Location("table", "app_thing"),)), read("b")) == ()


def test_a_write_of_something_unknown_holds_everything() -> None:
    assert grouped(read("a", writes=(Location("unknown"),)), fetch("b")) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"certain": False},
        {"scope": "closed"},
        {"reads": (Location("unknown"),)},
    ],
)
def test_what_is_not_sure_is_never_overlapped(fields: dict[str, object]) -> None:
    assert grouped(read("a", **fields), read("b", **fields)) == ()


def test_a_chain_at_the_front_does_not_keep_what_follows_apart() -> None:
    profile, billing, analytics = get("profile"), fetch("billing", "profile"), fetch("analytics")
    (group,) = grouped(profile, billing, analytics)
    assert arms(group) == [(billing.id,), (analytics.id,)]


def test_filling_a_cache_is_no_change_unless_another_branch_uses_it() -> None:
    fills = replace(read("a"), mutates=("user.profile",))
    assert len(grouped(fills, read("b"))) == 1
    assert grouped(fills, read("b", "user.profile")) == ()


def test_querysets_the_template_needs_load_together() -> None:
    reviews, related = lazy("reviews"), lazy("related")
    page = render("reviews", "related")
    (group,) = grouped(get("product"), reviews, related, page)
    assert arms(group) == [("reviews", "related")]
    assert group.anchor == page.id
    assert group.note.startswith("reviews and related do not depend on each other")


def test_a_load_joins_the_read_in_front_of_it() -> None:
    items, total = lazy("items"), read("total")
    (group,) = grouped(items, total, render("items"))
    assert arms(group) == [(total.id,), ("items",)]
    assert group.branches[-1].exports == ()


def test_loads_stand_together_where_beside_saves_no_wait() -> None:
    where = read("related")
    relation = replace(where.operations[0], implicit=True)
    found = lazy("related")
    related = replace(found, operations=(relation,), transparent=False)
    page = render("reviews", "related")
    (group,) = grouped(get("product"), lazy("reviews"), related, page)
    assert arms(group) == [("reviews", "related")]
    assert group.anchor == page.id


def test_a_load_does_not_pass_a_guard() -> None:
    assert grouped(lazy("items"), get("payment"), render("items")) == ()


def test_rows_load_before_a_rendering_that_is_kept_not_beside_it() -> None:
    page = replace(render("reviews", "related"), kind="assign", binds=("page",))
    (group,) = grouped(lazy("reviews"), lazy("related"), page, step("return", uses=("page",)))
    assert arms(group) == [("reviews", "related")]
    assert group.anchor == page.id


def rendered_later(kind: str) -> Step:
    page = render("reviews", "related")
    later = replace(page.operations[0], entry="django_shortcuts.template_response")
    return replace(page, kind=kind, binds=("page",), operations=(later,))


def test_what_is_rendered_after_the_view_loads_where_nothing_stands_between() -> None:
    (group,) = grouped(lazy("reviews"), lazy("related"), rendered_later("return"))
    assert arms(group) == [("reviews", "related")]


def test_what_is_rendered_after_the_view_is_not_read_before_what_the_view_does_next() -> None:
    page, end = rendered_later("assign"), step("return", uses=("page",))
    assert grouped(lazy("reviews"), lazy("related"), page, read("total"), end) == ()


def test_a_single_load_is_left_to_the_template() -> None:
    assert grouped(lazy("items"), render("items")) == ()


def test_querysets_the_template_may_skip_are_not_loaded() -> None:
    assert grouped(lazy("a"), lazy("b"), render("a", maybe=("b",))) == ()


def test_a_name_that_is_not_always_a_queryset_is_not_loaded() -> None:
    rebound = step("if", blocks=(Block("body", (plain("a"),)),))
    assert grouped(lazy("a"), lazy("b"), rebound, render("a", "b")) == ()


def test_a_branch_without_a_result_is_named_for_what_it_does() -> None:
    write = replace(read("x", writes=(Location("files"),)), binds=())
    (group,) = grouped(write, fetch("b"), step("return", uses=("b",)))
    assert group.branches[0].name == "thing_count"
    assert group.note == "thing count and b do not depend on each other: they run at the same time."


def test_only_what_is_used_elsewhere_is_exported() -> None:
    a, x, b = fetch("response"), plain("x", "response"), fetch("b")
    whole = (a, x, b, step("return", uses=("x",)))
    (group,) = groups_of(whole[:3], body_of(whole))
    assert [branch.exports for branch in group.branches] == [("x",), ()]
