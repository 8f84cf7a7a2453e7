from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cases.orm.get", "function"),
        ("odd_views.wrapped_in_urls", "function"),
        ("odd_views.with_argument", "function"),
        ("odd_views.coroutine", "function"),
        ("odd_views.Callable", "class"),
        ("class_views.Numbers", "class"),
        ("class_views.Products", "class"),
        ("odd_views.<lambda>", "unreadable"),
        ("odd_views.made", "unreadable"),
        ("auth.views.LoginView", "third-party"),
        ("AdminSite.index", "admin"),
        ("odd_views.office", "function"),  # its application calls itself "admin"
    ],
)
def test_kinds(surveyed: Surveyed, name: str, kind: str) -> None:
    assert surveyed.view(name).kind == kind


def test_routes_with_their_names(surveyed: Surveyed) -> None:
    routes = surveyed.view("odd_views.deep").routes
    assert [(route.pattern, route.name) for route in routes] == [
        ("inner/deep/<int:pk>/", "shop:inner:deep")
    ]
    twice = surveyed.view("odd_views.plain").routes
    assert [(route.pattern, route.name) for route in twice] == [
        ("twice/", "shop:first"),
        ("again/", "shop:second"),
    ]


def test_decorators_in_the_file_and_around_the_view_in_the_urlconf(surveyed: Surveyed) -> None:
    decorators = surveyed.view("odd_views.wrapped_in_urls").decorators
    assert [(one.name, one.safety) for one in decorators] == [
        ("django.contrib.auth.decorators.user_passes_test", "async-safe"),
        ("django.views.decorators.http.require_GET", "async-safe"),
        ("shop.odd_views.own", "project"),
    ]


@pytest.mark.parametrize(
    ("name", "safeties"),
    [
        ("odd_views.plain", ["async-safe", "async-safe"]),
        ("odd_views.deep", ["sync-only", "async-safe", "sync-only"]),
        ("odd_views.atomic_in_urls", ["sync-only"]),
        ("cases.effects.known_user", ["async-safe"]),
        ("odd_views.staff", ["async-safe"]),
        ("odd_views.foreign", ["third-party"]),
    ],
)
def test_which_decorators_serve_async_views(
    surveyed: Surveyed, name: str, safeties: list[str]
) -> None:
    assert [one.safety for one in surveyed.view(name).decorators] == safeties


def test_a_class_based_views_own_methods_are_read(surveyed: Surveyed) -> None:
    assert surveyed.told("class_views:Numbers") == [
        "~project.call order,product",
        "~project.call session,auth_user,django_session,profile",
    ]
    assert surveyed.told("class_views:Numbers.get") == [
        "project.call product",
        "django_orm.count order",
    ]
    assert surveyed.told("class_views:Numbers.post") == [
        "~django_auth.request_user session,auth_user,django_session",
        "~django_orm.relation profile",
    ]


def test_a_generic_view_without_methods_of_its_own_is_told_whole(surveyed: Surveyed) -> None:
    assert surveyed.view("class_views.Products").function == "shop.class_views:Products"


def test_a_coroutine_is_marked(surveyed: Surveyed) -> None:
    assert surveyed.function("odd_views:coroutine").is_async
    assert surveyed.told("odd_views:coroutine") == ["django_orm.count product"]


def test_a_lambda_is_read_but_not_to_be_rewritten(surveyed: Surveyed) -> None:
    (view,) = [one for one in surveyed.survey.views if ".urls.<lambda>:" in one.id]
    assert (view.kind, view.problems) == ("function", ())
    function = surveyed.function(view.function or "")
    assert [one.code for one in function.obstacles] == ["U432"]
    assert surveyed.told(function.id) == ["django_orm.exists tag"]


def test_one_of_two_lambdas_on_a_line_is_reported(surveyed: Surveyed) -> None:
    (problem,) = surveyed.view("odd_views.<lambda>").problems
    assert problem.code == "U402"
    assert "'one-of-two/a/'" in problem.text


def test_what_exec_made_is_no_packages_view(surveyed: Surveyed) -> None:
    (problem,) = surveyed.view("odd_views.made").problems
    assert problem.code == "U402"
    assert "made by exec" in problem.text


def test_what_a_partial_and_the_urlconf_give_is_known(told: Told) -> None:
    assert told("odd_views:rows_of") == ["django_orm.list tag"]
    assert told("odd_views:counted") == ["django_orm.count order"]


def test_decorators_on_a_class_and_on_its_dispatch_are_the_views(surveyed: Surveyed) -> None:
    found = surveyed.view("generic_views.Decorated").decorators
    assert [(one.name.rpartition(".")[2], one.safety) for one in found] == [
        ("never_cache", "async-safe"),
        ("cache_page", "sync-only"),
        ("login_required", "async-safe"),
        ("csrf_exempt", "async-safe"),
    ]


def test_decorators_around_a_class_on_one_of_its_routes_are_the_views(surveyed: Surveyed) -> None:
    found = surveyed.view("generic_views.Static").decorators
    assert [(one.name, one.safety) for one in found] == [
        ("django.views.decorators.cache.never_cache", "async-safe")
    ]


def test_the_methods_that_answer_for_a_class(surveyed: Surveyed) -> None:
    handlers = [f"shop.class_views:Numbers.{name}" for name in ("get", "post")]
    assert list(surveyed.view("class_views.Numbers").handlers) == handlers
    assert surveyed.view("class_views.Products").handlers == ()
