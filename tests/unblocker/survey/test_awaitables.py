"""Code that is asynchronous already: coroutines stand for what they give when they are awaited."""

from collections.abc import Callable

import pytest

type Told = Callable[[str], list[str]]

CATEGORY = "~django_orm.relation category"
ONE = "django_orm.get product"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("method", ["django_orm.get auth_user,review", "~django_orm.relation product"]),
        ("function", ["!django_shortcuts.get_object_or_404 product", CATEGORY]),
        ("later", [ONE, CATEGORY]),
        ("together", [ONE, "django_orm.get auth_user,product,review", CATEGORY]),
        ("task", [ONE, CATEGORY]),
        ("saved", [ONE, "django_orm.save > product", "django_orm.clear_related product_tags,tag > product_tags"]),
        ("loop", ["~django_orm.iterate product"]),
        ("cached", ["django_cache.read cache", "django_cache.write > cache"]),
        ("helper", [CATEGORY]),
    ],
)  # fmt: skip
def test_what_is_awaited_is_known(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.coroutines:{name}") == expected


def test_the_user_is_read_where_it_is_awaited(told: Told) -> None:
    user, profile = told("cases.coroutines:user")
    assert user == "django_auth.get_user session,auth_user,django_session"
    assert profile == "~django_orm.relation profile"


def test_a_session_that_is_awaited_is_read_once(told: Told) -> None:
    read = [line for line in told("cases.coroutines:session") if "django_sessions.load" in line]
    assert len(read) <= 1


def test_a_function_that_runs_in_a_thread_gives_what_it_returns(told: Told) -> None:
    *_, relation = told("cases.coroutines:in_thread")
    assert relation == CATEGORY


def test_what_a_thread_does_is_known(told: Told) -> None:
    assert told("cases.coroutines:read_in_thread") == [
        "django_orm.list product",
        "django_orm.count auth_user,review",
        "django_orm.first product",
        CATEGORY,
    ]


def test_a_decorator_that_sends_the_call_to_a_thread_is_not_looked_through(told: Told) -> None:
    assert told("cases.coroutines:decorated_inside") == ["unknown.call unknown > unknown"]


def test_a_queryset_that_a_helper_has_read_is_not_read_again(told: Told) -> None:
    assert told("cases.coroutines:read_by_helper") == ["project.call product"]


def test_a_queryset_may_be_made_by_its_class(told: Told) -> None:
    assert told("cases.coroutines:made_by_its_class") == ["django_orm.count product"]
