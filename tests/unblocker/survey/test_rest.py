import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]

USER = "~django_auth.request_user session,auth_user,django_session"
SHOP = Path(__file__).parents[3] / "examples" / "shop"


def labels(surveyed: Surveyed, name: str) -> list[str]:
    return [f"{one.label} x{one.times}" for one in surveyed.operations(name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tags", ["list: iterate Tag x1"]),
        (
            "Products",
            [
                "list: iterate Product x1",
                "list: Product.category x10",
                "list: iterate Tag x10",
                "ProductSerializer.get_stars x10",
            ],
        ),
        ("Joined", ["list: iterate Product x1", "ProductSerializer.get_stars x10"]),
        (
            "Flat",
            [
                "get_object_or_404: get_object_or_404 Product x1",
                "retrieve: Product.category x1",
                "retrieve: Category.parent x1",
            ],
        ),
        ("Searched", ["list: iterate Product x1", "ShapedSerializer.to_representation x10"]),
    ],
)
def test_what_the_fields_of_a_serializer_read(
    surveyed: Surveyed, name: str, expected: list[str]
) -> None:
    assert labels(surveyed, f"rest_views:{name}") == expected


def test_filters_bring_their_tables(told: Told) -> None:
    assert told("rest_views:Searched")[0] == "~django_orm.iterate category,product,review"


def test_a_page_is_counted_and_read_once(surveyed: Surveyed) -> None:
    shown, made = surveyed.function("rest_views:Paged").steps[0].blocks
    assert [one.label for step in shown.steps for one in step.operations] == [
        "list: count Tag",
        "list: page of Tag",
    ]
    assert [one.label for step in made.steps for one in step.operations] == [
        "create: TagSerializer.is_valid",
        "perform_create: TagSerializer.create",
    ]


def test_who_asks_and_whether_they_may_comes_first(surveyed: Surveyed) -> None:
    shown = surveyed.function("rest_views:Change").steps[0].blocks[0]
    assert [one.label for step in shown.steps for one in step.operations] == [
        "initial: request.user",
        "HasProfile.has_permission",
        "get_object_or_404: get_object_or_404 Review",
        "HasProfile.has_object_permission",
    ]


def test_each_method_is_a_branch(surveyed: Surveyed) -> None:
    blocks = surveyed.function("rest_views:Change").steps[0].blocks
    assert [block.steps[0].text for block in blocks] == ["GET", "PUT", "DELETE"]


def test_saving_follows_the_views_and_the_serializers_own_methods(told: Told) -> None:
    assert told("rest_views:Change.perform_update") == [
        "django_orm.update tag > tag",
        "~rest_framework.save > review",
    ]
    saved = told("rest_views:NewOrder")
    assert saved[1].startswith("~project.call product > logentry,order,orderitem,product")


def test_validating_looks_up_keys_and_runs_own_validators(told: Told) -> None:
    found = told("rest_views:Change")
    assert "~rest_framework.validate product" in found
    assert "~project.call auth_user,review" in found


def test_what_is_not_known_is_unknown(told: Told) -> None:
    found = told("rest_views:Tokens")
    assert found[0] == "~unknown.call unknown > unknown"
    assert found[1] == "~?" + USER.removeprefix("~")
    assert "~rest_framework.throttle cache > cache" in found


def test_each_action_of_a_viewset_is_a_view_of_its_own_route(surveyed: Surveyed) -> None:
    views = [view for view in surveyed.survey.views if ".rest_views.Orders." in view.id]
    assert [view.id.rpartition(".")[2] for view in views] == [
        "list", "create", "retrieve", "update", "partial_update", "destroy", "close",
    ]  # fmt: skip
    assert {view.kind for view in views} == {"class"}
    assert [route.name for route in views[0].routes] == ["shop:order-list"]


def test_an_actions_own_arguments_count(told: Told) -> None:
    assert told("rest_views:Orders(close)")[0] == "~project.call profile"
    assert told("rest_views:Orders(list)") == [
        "~django_orm.iterate order",
        "~?django_orm.iterate orderitem x10",
    ]


def test_what_a_view_chooses_by_its_action_is_chosen(surveyed: Surveyed) -> None:
    assert labels(surveyed, "rest_views:ByAction(list)") == [
        "list: iterate Product x1",
        "ShapedSerializer.to_representation x10",
    ]
    assert labels(surveyed, "rest_views:ByAction(update)") == [
        "HasProfile.has_permission x1",
        "get_object_or_404: get_object_or_404 Product x1",
        "update: FlatSerializer.is_valid x1",
        "perform_update: FlatSerializer.update x1",
        "update: Product.category x1",
        "update: Category.parent x1",
    ]


def test_a_function_with_api_view_is_a_function_view(surveyed: Surveyed) -> None:
    words = surveyed.view("rest_views.words")
    assert (words.kind, words.function) == ("function", "shop.rest_views:words")
    assert [one.name for one in words.decorators] == ["rest_framework.decorators.api_view"]
    assert surveyed.told("rest_views:words") == ["django_orm.count tag"]


def test_a_serializer_in_a_function_reads_where_its_data_is_asked_for(told: Told) -> None:
    assert told("rest_views:shown") == [
        "~django_orm.iterate product",
        "~?django_orm.relation category x3",
        "~?django_orm.iterate product_tags,tag x3",
        "~?project.call auth_user,review x3",
    ]


def test_the_framework_is_not_imported_for_a_project_without_it() -> None:
    script = (
        "import sys; from pathlib import Path; from unblocker.survey import survey_project\n"
        "survey_project(Path(sys.argv[1]), None, lambda text: None)\n"
        "sys.exit('rest_framework' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(SHOP)], check=False)
    assert ended.returncode == 0
