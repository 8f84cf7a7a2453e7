"""Values as text."""

from collections import OrderedDict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from unblocker.verify.plain import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (1, "1"),
        ("1", "'1'"),
        (mark_safe("<b>"), "'<b>'"),
        (Decimal("1.50"), "Decimal('1.50')"),
        ([1, "a"], "[1, 'a']"),
        ((1,), "(1)"),
        ({"b": 1, "a": [2]}, "{'a': [2], 'b': 1}"),
        ({"b", "a"}, "{'a', 'b'}"),
        (datetime(2026, 1, 2, tzinfo=UTC), "datetime.datetime(2026, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)"),
    ],
)  # fmt: skip
def test_content_is_told(value: object, text: str) -> None:
    assert plain(value) == text


def test_a_dict_and_one_of_another_order_are_told_alike() -> None:
    assert plain({"a": 1, "b": 2}) == plain(OrderedDict(b=2, a=1))


def test_of_an_unknown_object_only_the_type_is_told() -> None:
    class Odd:
        def __repr__(self) -> str:
            raise AssertionError("it must not be asked")

    assert plain(Odd()).endswith("Odd")


def test_what_is_lazy_is_not_evaluated() -> None:
    def evaluate() -> str:
        raise AssertionError("it must not be evaluated")

    assert plain({"user": SimpleLazyObject(evaluate)})
