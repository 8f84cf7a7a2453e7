"""Every check is registered, says what to do, and leaves a sound project alone."""

from typing import Any

import pytest
from django.core import checks as django_checks

from django_unblock import checks
from django_unblock.checks.registering import check

OURS = [
    getattr(module, name)
    for module in map(vars(checks).get, checks.__all__)
    for name in dir(module)
    if name.startswith("check_")
]


@pytest.mark.parametrize("found", OURS, ids=lambda found: found.__name__)
def test_is_registered_and_has_nothing_to_say_of_a_sound_project(found: Any) -> None:
    assert found in django_checks.registry.registry.get_checks(include_deployment_checks=True)
    assert found(databases=["default"]) == []


def test_there_are_as_many_as_ids() -> None:
    assert len(OURS) == 11


def test_an_id_tells_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    registered = []
    monkeypatch.setattr(django_checks, "register", lambda *run: registered.append(run))

    @check("unblock.E999", hint="Do something.", tag="security")
    def check_error(**_: Any) -> Any:
        yield "first"
        yield "second"

    assert registered == [(check_error, "security")]
    expected = [
        django_checks.Error(message, hint="Do something.", id="unblock.E999")
        for message in ("first", "second")
    ]
    assert check_error() == expected
