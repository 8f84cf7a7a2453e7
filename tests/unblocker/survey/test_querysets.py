from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]


def test_a_terminal_reads_the_models_table(told: Told) -> None:
    assert told("cases.orm:get") == ["django_orm.get product"]


def test_a_lookup_that_may_answer_404_is_a_guard(told: Told) -> None:
    assert told("cases.orm:get_or_404") == [
        "!django_shortcuts.get_object_or_404 product",
        "!django_shortcuts.get_list_or_404 order",
    ]


def test_building_a_queryset_does_nothing(surveyed: Surveyed) -> None:
    assert surveyed.told("cases.orm:lazy") == []
    step = surveyed.step("cases.orm:lazy", "products =")
    assert step.transparent
    assert [(lazy.name, [str(place) for place in lazy.reads]) for lazy in step.lazy] == [
        ("products", ["table shop_product"])
    ]


def test_every_terminal_is_an_operation(told: Told) -> None:
    assert told("cases.orm:terminals") == [
        f"django_orm.{name} product"
        for name in ("first", "last", "latest", "exists", "aggregate", "in_bulk", "count")
    ]


def test_writes(told: Told) -> None:
    assert told("cases.orm:writes") == [
        "django_orm.create > tag",
        "django_orm.get_or_create tag > tag",
        "django_orm.update_or_create tag > tag",
        "django_orm.bulk_create > tag",
        "django_orm.update tag > tag",
        "django_orm.delete_rows product_tags,tag > product_tags,tag",
    ]


def test_lookups_join_the_tables_on_their_way(told: Told) -> None:
    assert told("cases.orm:joins") == [
        "django_orm.count product",
        "django_orm.count category,product",
        "django_orm.count category,product",
        "django_orm.count product,product_tags,tag",
        "django_orm.count auth_user,product,review",
        "django_orm.count product",
        "django_orm.count category,product,review",
    ]


def test_query_expressions_join_as_lookups_do(told: Told) -> None:
    assert told("cases.orm:expressions") == [
        "django_orm.count category,product,product_tags,tag",
        "django_orm.count product,review",
        "django_orm.count category,product",
        "django_orm.count auth_user,product,review",
    ]


def test_a_subquery_is_read_with_the_query_that_holds_it(told: Told) -> None:
    assert told("cases.orm:subquery") == ["django_orm.count orderitem,product"]


def test_lookups_that_are_not_known_may_join_any_table(told: Told) -> None:
    assert told("cases.orm:open_lookup") == ["django_orm.count table,product"]
    assert told("cases.orm:known_lookup") == ["django_orm.count category,product"]


def test_a_queryset_is_read_once(told: Told) -> None:
    assert told("cases.orm:evaluated_by_loop") == ["~django_orm.iterate product"]
    assert told("cases.orm:evaluated_by_truth") == ["~django_orm.truth order"]
    assert told("cases.orm:cached_result") == ["django_orm.list product"]


def test_a_queryset_made_from_a_read_one_is_read_again(told: Told) -> None:
    assert told("cases.orm:fresh_result") == ["django_orm.list product", "django_orm.count product"]


def test_builtins_read_the_queryset_they_are_given(told: Told) -> None:
    assert told("cases.orm:evaluated_by_builtins") == [
        "django_orm.list product",
        "django_orm.length order",
        "django_orm.truth_of tag",
        "django_orm.list category",
        "~django_orm.iterate auth_user,review",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("evaluated_by_membership", ["~django_orm.membership product"]),
        ("indexed", ["~django_orm.index product"]),
        ("handed_to_response", ["django_orm.list product", "~django_orm.iterate tag"]),
        ("union", ["django_orm.count auth_user,order"]),
        ("only_some", ["django_orm.get product", "~django_orm.deferred_column product"]),
        ("raw_cursor", ["django_orm.cursor unknown > unknown"] * 2),
    ],
)
def test_other_ways_to_read(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.orm:{name}") == expected


def test_the_projects_own_queryset_methods_are_followed(told: Told) -> None:
    assert told("cases.orm:custom_methods") == ["project.call product", "django_orm.count product"]
    assert told("models:ProductQuerySet.total_stock") == ["django_orm.aggregate product"]
    assert told("models:ProductQuerySet.available") == []


def test_a_managers_own_get_queryset_counts(told: Told) -> None:
    assert told("cases.orm:custom_manager") == ["~django_orm.iterate auth_user,review"]


def test_prefetched_relations_need_no_query(told: Told) -> None:
    assert told("cases.orm:prefetched") == ["~django_orm.iterate product,product_tags,review,tag"]


def test_saving_writes_what_signals_and_overrides_write(told: Told) -> None:
    assert told("cases.orm:saved") == [
        "~django_auth.request_user session,auth_user,django_session",
        "django_orm.save > logentry,order",
        "django_orm.create product > orderitem,product",
        "django_orm.delete order,orderitem > order,orderitem",
    ]


def test_deleting_writes_what_the_receivers_of_cascaded_rows_write(told: Told) -> None:
    (deleted,) = told("cases.orm:deleted_with_others")
    assert "logentry" in deleted.partition(" > ")[2].split(",")


def test_changing_a_many_to_many_writes_what_its_receivers_write(told: Told) -> None:
    assert told("cases.orm:groups_changed") == [
        "django_orm.get auth_user",
        "django_orm.add_related auth_group,auth_user_groups > auth_user_groups,logentry",
        "django_orm.clear_related auth_permission,auth_user_user_permissions > auth_user_user_permissions",
    ]
