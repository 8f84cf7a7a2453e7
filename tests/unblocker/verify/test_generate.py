from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from unblocker.records.traffic import Request
from unblocker.verify.generate import Parameter, Value, generate, parameters
from unblocker.verify.livedata import DatabaseFacts
from unblocker.verify.protocol import Ready

from .conftest import Shelf


@dataclass(frozen=True)
class Data:
    users: tuple[str, ...] = ("anna", "staff")

    def values(self, route: str, parameter: Parameter) -> tuple[Value, ...]:
        return {
            "book_id": (Value("1", "ben"), Value("2", "anna")),
            "slug": (Value("tea"),),
        }.get(parameter.name, ())


def test_parameters() -> None:
    assert parameters("a/<int:book_id>/<slug>/") == (
        Parameter("book_id", "int"),
        Parameter("slug", "str"),
    )


def test_existing_and_missing_objects_as_each_visitor() -> None:
    made = generate([("books/<int:book_id>/",)], Data(), 100)
    gets = [(request.path, request.as_user) for request in made if request.method == "GET"]
    assert gets == [
        *[("/books/1/", user) for user in (None, "ben", "anna", "staff")],
        *[("/books/2/", user) for user in (None, "anna", "staff")],
        *[("/books/2147483647/", user) for user in (None, "anna")],
    ]


def test_what_changes_something_comes_last_and_as_the_owner() -> None:
    made = generate([("books/<int:book_id>/",), ("about/",)], Data(), 100)
    methods = [request.method for request in made]
    assert methods.index("POST") > max(
        place for place, method in enumerate(methods) if method in {"GET", "HEAD", "OPTIONS"}
    )
    assert Request("DELETE", "/books/1/", "ben") in made
    assert Request("DELETE", "/books/1/", None) in made


def test_no_more_than_asked_for() -> None:
    assert len(generate([("books/<int:book_id>/",), ("about/",)], Data(), 3)) == 6
    assert generate([("about/",)], Data(), 0) == ()


def test_a_pattern_without_values_is_asked_for_a_missing_object_only() -> None:
    made = generate([("x/<uuid:key>/",)], Data(), 100)
    assert {request.path for request in made} == {"/x/00000000-0000-4000-8000-000000000000/"}


def test_regular_expressions_get_nothing() -> None:
    assert generate([(r"^books/(?P<book_id>\d+)/$",)], Data(), 100) == ()


@pytest.fixture(scope="module")
def facts(shelf: Shelf) -> Iterator[DatabaseFacts]:
    facts = DatabaseFacts(shelf.databases[0], Ready("auth_user", "username", "sessionid"))
    yield facts
    facts.close()


def test_one_user_of_each_kind(facts: DatabaseFacts) -> None:
    assert facts.users == ("anna", "clara")


def test_keys_by_the_parameter_name(facts: DatabaseFacts) -> None:
    values = facts.values("x/<int:book_id>/", Parameter("book_id", "int"))
    assert values == (Value("1", "anna"), Value("2", "anna"))


def test_keys_by_the_route(facts: DatabaseFacts) -> None:
    assert facts.values("books/<int:pk>/", Parameter("pk", "int")) == (
        Value("1", "anna"),
        Value("2", "anna"),
    )


def test_columns_by_name(facts: DatabaseFacts) -> None:
    values = facts.values("books/<str:title>/", Parameter("title", "str"))
    assert values == (Value("Book%200", "anna"), Value("Book%201", "anna"))


def test_nothing_for_a_name_that_no_table_has(facts: DatabaseFacts) -> None:
    assert facts.values("wings/<int:wing_id>/", Parameter("wing_id", "int")) == ()


def test_unknown_users(facts: DatabaseFacts) -> None:
    assert facts.known_users({"anna", "nobody"}) == {"anna"}


def test_usernames_by_their_keys(facts: DatabaseFacts) -> None:
    assert facts.usernames({"1", "3", "99", "x"}) == {"1": "anna", "3": "clara"}
    assert facts.usernames(set()) == {}
