"""What may begin ahead of its statement: only what nothing stands before that could fail or be noticed."""

import pytest

from .conftest import Surveyed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dictionary", ["products", "paid", "review_count", "orderitem_count"]),
        ("twice_the_same", ["product_count", "product_count_2", "products_2"]),
        ("behind_a_call", ["product_count"]),
        ("behind_an_item", ["product_count"]),
        ("behind_a_relation", []),
        ("perhaps", ["order_exists"]),
        ("in_a_loop", []),
        ("writes", ["product_count"]),
        ("inside_each_other", ["stock"]),
    ],
)
def test_names_of_what_a_return_may_begin(
    surveyed: Surveyed, name: str, expected: list[str]
) -> None:
    step = surveyed.step(f"cases.early:{name}", "return")
    assert [one.early for one in step.operations if one.early] == expected


def test_keywords_name_their_values(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.early:keywords", "context")
    assert [one.early for one in step.operations] == ["products", "reviews"]
