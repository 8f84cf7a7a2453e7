from decimal import Decimal

import pytest

from unblocker.survey.joining import join, join_all
from unblocker.survey.values import (
    INERT,
    NEVER,
    NONE,
    UNKNOWN,
    Inert,
    Items,
    Mapping,
    Object,
    Page,
    Value,
    constant,
)


@pytest.mark.parametrize("value", [INERT, UNKNOWN, Items(INERT), Object(Decimal), NONE])
def test_never_adds_nothing(value: Value) -> None:
    assert join(NEVER, value) == value
    assert join(value, NEVER) == value


def test_different_constants_are_data_with_their_common_start() -> None:
    both = {"https://a.example/x", "https://a.example/y"}
    assert join(*map(constant, sorted(both))) == Inert(
        prefix="https://a.example/", either=frozenset(both)
    )
    assert join(constant(1), constant(2)) == INERT


def test_data_in_a_list_is_data_but_objects_are_not() -> None:
    assert join(INERT, Items(INERT)) == INERT
    assert join(INERT, Items(Object(Decimal))) == UNKNOWN


def test_different_kinds_are_unknown() -> None:
    assert join(Object(Decimal), Object(str)) == UNKNOWN
    assert join(Items(INERT), Object(str)) == UNKNOWN


def test_mappings_keep_the_keys_of_both() -> None:
    one = Mapping((("a", Object(str)),), NEVER)
    other = Mapping((("b", INERT),), NEVER)
    both = join(one, other)
    assert isinstance(both, Mapping)
    assert (both.get("a"), both.get("b"), both.get("c")) == (Object(str), INERT, NEVER)


def test_joining_ends() -> None:
    deep: Value = INERT
    for _ in range(20):
        deep = join(Items(Object(str)), Items(deep))
    assert join_all([deep, deep]) == deep


def test_of_many_texts_only_the_start_is_known() -> None:
    found = join_all([constant(f"page{number}.html") for number in range(9)])
    assert found == Inert(prefix="page")


def test_rows_or_an_empty_text_or_list_are_rows() -> None:
    rows = Page(INERT, paginator=False)
    for nothing in (constant(""), constant(0), Items(NEVER, (), 0)):
        assert join(rows, nothing) == join(nothing, rows) == rows
    assert join(rows, constant("x")) == UNKNOWN
