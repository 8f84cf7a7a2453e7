from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]


def test_local_querysets_that_a_template_reads(surveyed: Surveyed) -> None:
    (render,) = surveyed.operations("cases.templates:evaluates")
    assert render.template == "shop/page.html"
    assert [(one.name, one.certain) for one in render.evaluates] == [
        ("products", True),
        ("orders", False),
        ("reviews", True),
    ]


def test_what_a_template_does_by_itself_leaves_those_out(surveyed: Surveyed) -> None:
    assert surveyed.template("shop/page.html") == [
        "~django_orm.iterate category",
        "~?django_orm.relation category x10",
    ]


def test_relations_that_a_template_walks_are_one_query_a_row(surveyed: Surveyed) -> None:
    assert surveyed.template("shop/walks.html") == [
        "~django_orm.relation profile",
        "~django_orm.iterate auth_user,review",
        "~?django_orm.relation product x5",
    ]


def test_a_template_without_a_request(told: Told, surveyed: Surveyed) -> None:
    assert told("cases.templates:mail_text") == [
        "django_orm.get order",
        "django_shortcuts.render_to_string auth_user,orderitem,product",
    ]
    assert surveyed.template("shop/receipt.txt") == [
        "~django_orm.relation auth_user",
        "~django_orm.iterate orderitem",
        "~?django_orm.relation product x10",
    ]


def test_places_are_in_the_template(surveyed: Surveyed) -> None:
    found = next(one for one in surveyed.survey.templates if one.name == "shop/page.html")
    assert [operation.place.file for operation in found.operations] == [
        "shop/templates/shop/base.html",
        "shop/templates/shop/_product.html",
    ]
    assert found.operations[1].place.column == len("{{ product.name }} in {{ ")


def test_tags_and_filters_of_the_project_are_followed(surveyed: Surveyed) -> None:
    assert surveyed.template("shop/tags.html") == [
        "~django_cache.read cache > cache",
        "project.call product",
        "~django_orm.iterate tag",
    ]


def test_what_a_cache_tag_holds_may_not_be_rendered(surveyed: Surveyed) -> None:
    (render,) = surveyed.operations("cases.templates:tags")
    assert [(one.name, one.certain) for one in render.evaluates] == [("products", False)]


@pytest.mark.parametrize("name", ["missing", "broken", "unknown_name"])
def test_a_template_that_cannot_be_read_may_do_anything(told: Told, name: str) -> None:
    assert told(f"cases.templates:{name}") == ["django_shortcuts.render unknown > unknown"]


def test_a_context_that_is_not_known_may_bring_anything(told: Told) -> None:
    (line,) = told("cases.templates:open_context")
    assert line.startswith("django_shortcuts.render unknown")


def test_problems_name_the_template(surveyed: Surveyed) -> None:
    found = {problem.code: problem for problem in surveyed.survey.problems}
    assert found["U403"].text == "the template shop/missing.html does not exist"
    assert "shop/broken.html" in found["U404"].text
