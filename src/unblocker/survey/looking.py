"""Looking at objects of the loaded project without running any of their code: no property, no `__getattr__`."""

import functools
import inspect
import types
from functools import cache
from typing import Any

NOTHING = inspect.Parameter.empty
"""What a look-up gives where there is nothing; never an attribute's value."""

_FUNCTIONS = (types.FunctionType, types.MethodType, functools.partial)
_MARK = "_is_coroutine_marker"
"""What `inspect.markcoroutinefunction` leaves on an object."""
_PLAIN = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_GIVEN_BY_PYTHON = (types.GetSetDescriptorType, types.MemberDescriptorType)


def look(target: object, name: str, default: Any = None) -> Any:
    """What `getattr` gives, but for what only running code of the object's would give: that is not there."""
    if type(target) in _PLAIN:
        return getattr(target, name, default)
    found = static_attribute(target, name)
    if found is NOTHING:
        return default
    if type(found) in _GIVEN_BY_PYTHON:
        return _given(found, target, default)
    return found


def static_attribute(owner: object, name: str) -> object:
    """The attribute as it stands there, descriptors not asked; `NOTHING` where there is none."""
    if not issubclass(type(owner), type):
        return _found(owner, name)
    key = id(owner), name
    if key not in _OF_CLASSES:
        _OF_CLASSES[key] = owner, _found(owner, name)
    return _OF_CLASSES[key][1]


_OF_CLASSES: dict[tuple[int, str], tuple[object, object]] = {}
"""What was found on classes, which are kept so that no other gets their identity."""


def _found(owner: object, name: str) -> object:
    try:
        return inspect.getattr_static(owner, name)
    except AttributeError:
        return NOTHING


def is_a(target: object, *kinds: type) -> bool:
    """Whether it is an instance of one of the classes, by its real class and not by what it says of itself."""
    return issubclass(type(target), kinds)


def is_coroutine_function(target: object) -> bool:
    """Whether calling it makes a coroutine, by its own code or by a mark on it such as that of `sync_to_async`."""
    if type(target) is types.FunctionType and not target.__dict__:
        return bool(target.__code__.co_flags & inspect.CO_COROUTINE)
    if is_function(target):
        return inspect.iscoroutinefunction(target)
    return look(target, _MARK) is not None


def is_function(target: object) -> bool:
    """Whether it is a function of Python's, a method or a partial: `inspect` runs no other code to look at one."""
    return is_a(target, *_FUNCTIONS)


@cache
def answers_for_itself(cls: type[Any]) -> bool:
    """Whether even asking an instance for its class runs the class's own code: it stands for another object."""
    if isinstance(static_attribute(cls, "__getattribute__"), types.FunctionType):
        return True
    return any("__class__" in vars(base) for base in cls.__mro__ if base is not object)


def _given(descriptor: object, target: object, default: object) -> object:
    """The value of a slot, or of what Python keeps of a function or class itself."""
    try:
        return descriptor.__get__(target, type(target))  # type: ignore[attr-defined]  # these descriptors have it
    except (
        AttributeError,
        TypeError,
    ):  # an empty slot; a slot of the instances of the class looked at
        return default
