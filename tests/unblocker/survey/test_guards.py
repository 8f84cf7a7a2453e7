import pytest

from .conftest import Surveyed

ASKED = "guarded.py: django_orm.exists product"


def test_what_a_guard_has_settled_holds_in_the_functions_that_ask_it_again(
    surveyed: Surveyed,
) -> None:
    assert ASKED not in surveyed.effects("guarded.changed_where_seen")


@pytest.mark.parametrize(
    "view", ["never_changed", "another_order", "bound_anew", "changed_between", "goes_on"]
)
def test_what_no_guard_has_settled_is_open(surveyed: Surveyed, view: str) -> None:
    assert ASKED in surveyed.effects(f"guarded.{view}")


def test_a_query_may_come_out_another_way(surveyed: Surveyed) -> None:
    assert ASKED in surveyed.effects("guarded.counted_anew")


def test_a_value_that_only_a_way_ruled_out_gives_is_none(surveyed: Surveyed) -> None:
    assert surveyed.effects("guarded.of_a_way_ruled_out") == []
