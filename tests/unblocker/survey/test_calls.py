from collections.abc import Callable

import pytest

from .conftest import Surveyed

type Told = Callable[[str], list[str]]

UNKNOWN = "unknown.call unknown > unknown"


def test_ordinary_code_does_nothing_outside(surveyed: Surveyed) -> None:
    function = surveyed.function("cases.effects:harmless")
    assert surveyed.told("cases.effects:harmless") == []
    assert (function.reads, function.writes) == ((), ())
    assert not any(step.effects for step in surveyed.steps("cases.effects:harmless"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("get", ["requests.get host api.example"]),
        ("get_settings", ["requests.get host rates.example"]),
        ("get_anywhere", ["requests.get host"]),
        ("open_host", ["requests.get host"]),
        ("post", ["requests.post host api.example > host api.example"]),
        ("through_session", ["requests.session_read host api.example"]),
        ("urllib", ["urllib.urlopen host api.example > host api.example"]),
        ("bucket", ["boto3.call host S3 > host S3", "boto3.read host S3"]),
        ("mail", ["django_mail.send_mail > mail", "django_mail.send_message > mail"]),
        ("sleeps", ["time.sleep unknown > unknown"]),
        ("cached", ["django_cache.read cache", "django_cache.write > cache"]),
        ("stored", ["django_storage.write files > files", "django_storage.read files"]),
    ],
)
def test_what_calls_outside_read_and_write(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.http:{name}") == expected


def test_mail_after_the_commit_stands_in_its_lambda(surveyed: Surveyed) -> None:
    create, mail = surveyed.operations("cases.http:mail_after_commit")[-2:]
    assert (create.scope, mail.scope) == ("body", "closed")
    assert (mail.entry, mail.certain, mail.uses) == ("django_mail.send_mail", False, ("product",))
    assert surveyed.step("cases.http:mail_after_commit", "with").atomic


def test_helpers_bring_what_they_do(surveyed: Surveyed) -> None:
    assert surveyed.told("cases.functions:helper") == [
        "project.call product",
        "project.call host rates.example",
    ]
    first = surveyed.operations("cases.functions:helper")[0]
    assert first.callee == "shop.helpers:count_products"
    assert surveyed.function("helpers:count_products").reads == first.reads


def test_a_helper_without_io_is_no_operation(told: Told) -> None:
    assert told("cases.functions:pure_helper") == []
    assert told("cases.functions:nested_pure") == []


def test_a_helper_that_may_refuse_is_a_guard(told: Told) -> None:
    user = "session,auth_user,django_session"
    assert told("cases.functions:guard") == [
        "django_orm.get order",
        f"!project.call {user}",
        "django_orm.count orderitem",
    ]
    assert told("cases.functions:guard_inside") == [f"!project.call {user},order"]


def test_helpers_that_read_different_things_of_one_user_need_nothing_of_each_other(
    surveyed: Surveyed,
) -> None:
    first = surveyed.step("cases.functions:logged_in", "phone =")
    second = surveyed.step("cases.functions:logged_in", "reviews =")
    assert not set(second.uses) & set(first.mutates)


def test_a_helper_reads_only_what_its_caller_has_not_read(told: Told) -> None:
    assert told("cases.functions:logged_in") == [
        "project.call profile",
        "project.call auth_user,review",
    ]
    assert told("cases.functions:lazy_user") == [
        "project.call session,auth_user,django_session,profile",
        "project.call auth_user,review",
    ]


def test_the_first_helper_reads_the_user_for_the_second(surveyed: Surveyed) -> None:
    first = surveyed.step("cases.functions:lazy_user", "phone =")
    second = surveyed.step("cases.functions:lazy_user", "reviews =")
    assert "request.user" in first.mutates
    assert "request.user" in second.uses


def test_a_helper_that_changes_its_argument_says_so(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.functions:changed_argument", "helpers.rename")
    assert "product" in step.mutates
    assert step.operations == ()


def test_global_state_is_an_effect(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.functions:global_state", "helpers.remember")
    assert [str(place) for place in step.effects] == ["global shop.helpers.COUNTS"]
    step = surveyed.step("cases.effects:global_list", "SEEN.append")
    assert [str(place) for place in step.effects] == ["global shop.cases.effects.SEEN"]


def test_messages_are_an_effect_and_no_io(surveyed: Surveyed) -> None:
    step = surveyed.step("cases.effects:message", "messages.success")
    assert ([str(place) for place in step.effects], step.operations) == (["messages"], ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unknown_call", [UNKNOWN, UNKNOWN]),
        ("decorated", ["project.call order,unknown > unknown"]),
        ("recursive", ["project.call product"]),
        ("nested", ["project.call order"]),
        ("callback", ["?django_orm.get product"]),
        (
            "generator",
            ["django_orm.get product", "project.call auth_user,review,unknown > unknown"],
        ),
    ],
)
def test_code_that_is_hard_to_follow(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"cases.functions:{name}") == expected


def test_methods_and_properties_of_the_projects_classes_are_followed(told: Told) -> None:
    assert told("cases.functions:own_class") == [
        "project.call session,auth_user,django_session",
        "project.call order",
        "~project.call order",
    ]


def test_logging_in(told: Told) -> None:
    assert told("cases.effects:logging_in") == [
        "django_auth.authenticate auth_user > auth_user",
        "django_auth.login session,django_session > session,auth_user,django_session",
    ]


def test_saving_changes_the_instance(surveyed: Surveyed) -> None:
    assert "product" in surveyed.step("cases.effects:changes_instance", "product.save").mutates
    assert "product" in surveyed.step("cases.effects:changes_instance", "product.name").mutates


@pytest.mark.parametrize(
    ("name", "code"), [("uses_locals", "U411"), ("nested", "U412"), ("helper", None)]
)
def test_obstacles(surveyed: Surveyed, name: str, code: str | None) -> None:
    obstacles = surveyed.function(f"cases.functions:{name}").obstacles
    assert [problem.code for problem in obstacles] == ([code] if code else [])


def test_a_generator_is_an_obstacle(surveyed: Surveyed) -> None:
    assert [one.code for one in surveyed.function("helpers:reviews_of").obstacles] == ["U410"]
