"""Why a step waits for the one before it, in words."""

from dataclasses import replace

import pytest

from tests.unblocker.plan.builders import (
    fetch,
    get,
    lazy,
    mailing,
    place,
    plain,
    query,
    read,
    step,
    table,
)
from unblocker.plan.apart import Apart, reasons_apart
from unblocker.records.survey import Block, Location


def reason(*steps):
    """The reason of the last step, lines told from the first step's."""
    apart = reasons_apart(steps).get(steps[-1].id)
    found = apart.reason if apart else ""
    for number, one in enumerate(steps, 1):
        found = found.replace(f"line {one.place.line}", f"line #{number}")
    return found


def writing(*uses, name="app_thing"):
    where = place()
    operation = query(where, name="create", writes=(table(name),))
    return step("expression", where, uses=uses, operations=(operation,))


def test_independent_reads_wait_for_nothing():
    assert reason(read("a"), read("b")) == ""
    assert reason(read("a"), lazy("b"), plain("c"), fetch("d")) == ""


def test_the_first_has_nobody_to_wait_for():
    assert reasons_apart((get("a"),)) == {}
    assert reasons_apart((plain("a"), lazy("b", "a"))) == {}


def test_it_needs_what_the_one_before_gives():
    assert reason(read("a"), read("b", "a")) == "it needs `a` from line #1"


def test_it_needs_it_through_what_stands_between():
    assert reason(read("a"), plain("b", "a"), read("c", "b")) == "it needs `b` from line #2"


def test_it_changes_what_the_one_before_reads():
    changing = replace(read("a"), binds=(), mutates=("cart",))
    assert reason(read("b", "cart"), changing) == "it changes `cart`, which line #1 reads"


def test_it_uses_what_was_fetched():
    fetching = replace(read("a"), mutates=("app/views.py:1:2.rows",))
    using = replace(read("b"), uses=("app/views.py:1:2.rows",))
    assert reason(fetching, using) == "it uses what line #1 has fetched"


def test_one_writes_what_the_other_reads_or_writes():
    assert reason(writing(), read("a")) == "line #1 writes table app_thing, which it reads"
    assert reason(read("a"), writing()) == "it writes table app_thing, which line #1 reads"


def test_a_write_starts_last_and_unknown_code_waits():
    other = writing(name="app_other")
    assert reason(fetch("a"), other).startswith("it writes table app_other: a write starts only")
    where = place()
    unknown = query(where, reads=(), writes=(Location("unknown"),))
    assert (
        reason(read("a", reads=()), step("expression", where, operations=(unknown,)))
        == "what Thing.count does is not known, so it may touch anything"
    )


def test_nothing_starts_before_a_guard():
    assert reason(get("a"), read("b")).startswith("line #1 may end the view")


def test_control_flow_between():
    block = Block("body", (plain("x"),))
    choice = replace(step("if", blocks=(block,)), text="if x:")
    assert (
        reason(read("a"), choice, read("b")) == "line #2 (`if x:`) decides whether and when it runs"
    )


def test_inside_a_block_and_behind_it():
    inner = read("b")
    loop = replace(step("for", blocks=(Block("body", (inner,)),)), text="for x in y:")
    behind = read("c")
    found = reasons_apart((read("a"), loop, behind))
    assert "(`for x in y:`) decides" in found[inner.id].reason
    assert "(`for x in y:`) decides" in found[behind.id].reason


def test_a_transaction_is_serial():
    one, two = read("a"), read("b")
    block = replace(step("with", blocks=(Block("body", (one, two)),)), atomic=True)
    assert reasons_apart((block,)) == {
        two.id: Apart(one.place.line, "in a transaction everything runs one after the other")
    }


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (read("b", certain=False), "its line may do without Thing.count"),
        (read("b", scope="closed"), "Thing.count stands where no await is legal"),
        (mailing(), "it writes mail"),
        (replace(read("b"), kind="return", text="return b"), "it stands in `return b`"),
        (replace(read("b"), effects=(Location("session"),)), "it writes session"),
    ],
)
def test_what_keeps_it_back_itself(later, told):
    assert told in reason(fetch("a"), later)
