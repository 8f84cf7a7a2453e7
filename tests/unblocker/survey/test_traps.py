from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]

GET = "django_orm.get product"
CATEGORY = "~django_orm.relation category"
UNKNOWN = "unknown > unknown"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("key_function", ["django_orm.list product", "~?django_orm.relation category"]),
        ("redirect_to_instance", ["django_orm.get orderitem", "~project.call order"]),
        ("logged_instance", ["django_orm.get orderitem", "~project.call product"]),
        ("suppressed", [GET, CATEGORY, CATEGORY]),
        ("refreshed", [GET, CATEGORY, "django_orm.refresh_from_db product", CATEGORY]),
        ("other_foreign_key", [GET, CATEGORY, CATEGORY]),
        ("object_of_last_round", ["~django_orm.iterate product", CATEGORY, CATEGORY]),
        ("partial_after_commit", ["~?django_mail.send_mail > mail"]),
        ("method_after_commit", ["django_orm.get order", "~?django_orm.save > logentry,order"]),
        ("library_function_handed_over", ["~?requests.get host api.example"]),
        ("bound_before_continue", ["~django_orm.iterate product", CATEGORY, CATEGORY]),
        (
            "loaded_template",
            [
                "django_orm.get order",
                "django_shortcuts.render_template auth_user,orderitem,product",
            ],
        ),
        ("as_dictionary", [GET, "django_forms.model_to_dict table"]),
        ("printed", []),
        ("state_of_another_module", ["project.call global shop.helpers.COUNTS,product"]),
        ("returned_function", []),
    ],
)
def test_operations(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.traps:{name}") == expected


def test_changing_part_of_data_changes_the_data(surveyed: Surveyed) -> None:
    assert {"rows", "data"} <= set(surveyed.step("cases.traps:part_of_data", "rows.app").mutates)


def test_changing_an_element_changes_its_list(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.traps:element_of_list", "first.name")
    assert {"first", "products"} <= set(step.mutates)


def test_what_middleware_puts_on_the_request_is_unknown(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.traps:set_by_middleware", "return")
    assert [str(place) for place in step.effects] == ["unknown"]


@pytest.mark.parametrize(
    ("line", "touched"),
    [
        ("kept =", ["global shop.cases.traps:remembered(seen)"]),
        ("given =", []),
        ("made =", []),
    ],
)
def test_a_default_that_calls_change_is_global(
    surveyed: Surveyed, line: str, touched: list[str]
) -> None:
    step = surveyed.step("cases.traps:default_that_is_kept", line)
    assert [str(place) for place in step.effects] == touched


def test_a_class_attribute_is_global(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.traps:class_attribute", "Counter.total")
    assert [str(place) for place in step.effects] == ["global shop.cases.traps.Counter"]


def test_a_slice_by_a_variable_may_raise(surveyed: Surveyed) -> None:
    assert not surveyed.step("cases.traps:sliced_by_variable", "products").transparent


def test_a_template_response_reads_when_it_is_rendered(surveyed: Surveyed) -> None:
    (render,) = surveyed.operations("cases.traps:template_response")
    assert (render.entry, render.template) == (
        "django_shortcuts.template_response",
        "shop/tags.html",
    )
    assert [one.name for one in render.evaluates] == ["products"]
