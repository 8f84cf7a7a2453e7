from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]

GET = "django_orm.get product"
CATEGORY = "~django_orm.relation category"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("foreign_key", [GET, CATEGORY]),
        ("foreign_key_id", [GET]),
        ("foreign_key_twice", [GET, CATEGORY]),
        ("aliases", [GET, CATEGORY]),
        ("select_related", ["django_orm.get category,product"]),
        ("chain", ["django_orm.get order,orderitem", "~django_orm.relation auth_user"]),
        ("reverse_one_to_one", ["django_orm.get profile", "~django_orm.relation auth_user"]),
        ("reverse_many", [GET, "django_orm.count auth_user,review"]),
        ("back_reference", [GET, "~django_orm.iterate auth_user,review"]),
        ("new_instance", [GET]),
        ("text_of_instance", ["django_orm.get auth_user,review", GET]),
        ("generic", ["django_orm.get logentry", "~django_orm.relation table"]),
        ("nullable", ["django_orm.first order"]),
        ("file_field", [GET, "django_storage.read files"]),
    ],
)
def test_relations(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.relations:{name}") == expected


def test_what_one_branch_fetched_may_be_missing_after_it(told: Told) -> None:
    assert told("cases.relations:foreign_key_in_branch") == [GET, CATEGORY, CATEGORY]


def test_many_to_many_writes_its_own_table(told: Told) -> None:
    assert told("cases.relations:many_to_many") == [
        GET,
        "django_orm.add_related product_tags,tag > product_tags",
        "django_orm.clear_related product_tags,tag > product_tags",
        "~django_orm.iterate product_tags,tag",
    ]


def test_a_lazy_relation_in_a_loop_is_one_query_a_round(surveyed: Surveyed) -> None:
    loop = surveyed.step("cases.relations:n_plus_one", "for ")
    assert [operation.label for step in loop.blocks[0].steps for operation in step.operations] == [
        "Review.product"
    ]


def test_properties_and_methods_are_followed(told: Told) -> None:
    assert told("cases.relations:properties") == [
        GET,
        "~project.call category",
        "project.call auth_user,review",
    ]


def test_a_step_names_what_it_fetched_and_a_later_one_that_it_relies_on_it(
    surveyed: Surveyed,
) -> None:
    first = surveyed.step("cases.relations:foreign_key_twice", "category =")
    later = surveyed.step("cases.relations:foreign_key_twice", "return")
    fetched = [name for name in first.mutates if not name.isidentifier()]
    assert len(fetched) == 1
    assert set(fetched) <= set(later.uses)


def test_an_instance_that_may_be_none_makes_a_step_opaque(surveyed: Surveyed) -> None:
    assert not surveyed.step("cases.relations:nullable", "return").transparent


def test_the_user_is_read_once(told: Told) -> None:
    user = "~django_auth.request_user session,auth_user,django_session"
    assert told("cases.effects:user") == [user]
    assert told("cases.effects:user_in_query") == [user, "django_orm.count order"]


def test_behind_login_required_the_user_is_there(told: Told) -> None:
    own = "auth_group,auth_group_permissions,auth_permission,auth_user_groups"
    assert told("cases.effects:known_user") == [
        f"django_auth.permissions {own},auth_user_user_permissions,django_content_type"
    ]


def test_the_session_is_read_once_and_every_use_keeps_its_place(surveyed: Surveyed) -> None:
    assert surveyed.told("cases.effects:session") == [
        "~django_sessions.load session,django_session"
    ]
    for step in surveyed.steps("cases.effects:session"):
        assert "session" in [str(place) for place in step.effects]


def test_rows_of_rows_are_taken_to_be_few(told: Callable[[str], list[str]]) -> None:
    assert told("cases.relations:rows_of_rows") == [
        "~django_orm.iterate order",
        "~?django_orm.iterate orderitem x10",
        "~?django_orm.relation product x30",
    ]
