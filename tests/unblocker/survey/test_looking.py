"""None of what is looked at here may run: each raises when it does."""

import functools
import types
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any, NoReturn

import pytest
from django.utils.functional import SimpleLazyObject

from unblocker.survey.live import innermost, live_attribute, plain_function, value_of, wrappers
from unblocker.survey.looking import answers_for_itself, is_a, look
from unblocker.survey.values import UNKNOWN, Inert, Live


def ran(*_: object) -> NoReturn:
    pytest.fail("the project's code ran")


class Meta(type):
    __getattr__ = ran


class Touchy(metaclass=Meta):
    __slots__ = ("slot",)
    plain = 1
    __getattr__ = __bool__ = __eq__ = __hash__ = __iter__ = __len__ = __repr__ = ran  # type: ignore[assignment]
    loud = property(ran)


class Poser:
    __class__ = property(ran)  # type: ignore[assignment]


class Proxy:
    __getattribute__ = ran  # type: ignore[assignment]


class Text(str):
    __slots__ = ()
    __eq__ = __hash__ = __str__ = ran  # type: ignore[assignment]


def view(request: object) -> None: ...


@functools.wraps(view)
def decorated(request: object) -> None: ...


def test_what_stands_there_is_found() -> None:
    assert look(Touchy(), "plain") == 1
    assert look(view, "__name__") == "view"
    assert look(Touchy, "__qualname__") == "Touchy"
    assert look(len, "__module__") == "builtins"
    assert look(types, "__name__") == "types"


def test_what_only_code_would_give_is_not_there() -> None:
    assert look(Touchy(), "gone") is None
    assert look(Touchy, "gone", 3) == 3
    assert look(Touchy(), "slot") is None
    assert isinstance(look(Touchy(), "loud"), property)


def test_the_real_class_counts() -> None:
    lazy = SimpleLazyObject(ran)
    assert is_a(lazy, SimpleLazyObject)
    assert not is_a(lazy, str)
    assert not is_a(Poser(), str)


@pytest.mark.parametrize("make", [lambda: SimpleLazyObject(ran), Poser, Proxy])
def test_what_stands_for_another_object_is_unknown(make: Callable[[], object]) -> None:
    target = make()
    assert answers_for_itself(type(target))
    assert value_of(target) == UNKNOWN


def test_other_objects_stand_for_themselves() -> None:
    class Plain:
        def itself(self) -> type:
            return __class__  # type: ignore[name-defined]

    assert not answers_for_itself(Plain)
    touchy = Touchy()
    value = value_of(touchy)
    assert isinstance(value, Live)
    assert value.target is touchy
    assert live_attribute(touchy, "gone") is None
    assert live_attribute(touchy, "loud") is None


class Named(str, Enum):  # noqa: UP042  its str() is its name, as that of Django's choices is not
    A = "a"


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("make", "exact"), [(lambda: Text("x"), "x"), (lambda: Named.A, "a"), (lambda: Number.ONE, 1)]
)
def test_texts_and_numbers_of_other_classes_are_plain(
    make: Callable[[], object], exact: object
) -> None:
    value = value_of(make())
    assert isinstance(value, Inert)
    assert type(value.constant) is type(exact)
    assert value.constant == exact


def test_a_module_that_makes_its_attributes_is_not_asked() -> None:
    module: Any = types.ModuleType("lazily")
    module.__getattr__ = ran
    module.there = 1
    assert live_attribute(module, "there") == value_of(1)
    assert live_attribute(module, "gone") is None


def test_functions_behind_decorators() -> None:
    assert plain_function(decorated) is view
    assert wrappers(decorated) == [decorated]
    assert innermost(decorated) is view
    assert innermost(view) is view
    assert plain_function(functools.partial(decorated, None)) is view
    assert plain_function(functools.cache(view)) is view


@pytest.mark.parametrize(
    "make", [Touchy, lambda: Touchy, lambda: SimpleLazyObject(ran), Proxy, lambda: print]
)
def test_what_is_no_function_has_none_behind_it(make: Callable[[], object]) -> None:
    target = make()
    assert plain_function(target) is None
    assert wrappers(target) == []
