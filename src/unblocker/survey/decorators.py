"""Which decorators leave an async view as it is, and which do not."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING

from unblocker.survey.harmless import module_of
from unblocker.survey.looking import look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unblocker.records.survey import DecoratorSafety

_SAFE = frozenset(
    {
        "django.views.decorators.debug.sensitive_variables",
        "django.db.transaction.non_atomic_requests",
        "django.contrib.admin.decorators.display",
        "django.contrib.admin.decorators.action",
        "functools.wraps",
    }
)
_SYNC_ONLY = frozenset(
    {
        "django.db.transaction.atomic",
        "django.views.decorators.cache.cache_page",
        "functools.cache",
        "functools.lru_cache",
    }
)
_SEES_COROUTINES = frozenset({"iscoroutinefunction", "markcoroutinefunction"})
_RUN_ONCE_MODULES = ("django.", "functools", "contextlib")


def classify(target: object, owns: Callable[[str], bool]) -> DecoratorSafety:
    """Whether the decorator serves an `async def` as it does a `def`.

    `target` is the live decorator: a function, what a decorator factory returned, or the wrapper that it left around a
    view. Django's own are judged by their source: those that serve both ask `iscoroutinefunction`, directly or through
    the functions of decorators' modules that they call. `cache_page` asks too, but reads the cache on the event loop.
    `owns` says whether a file is the project's.
    """
    target = made_by(target)
    names = _names(target)
    if names & _SYNC_ONLY:
        return "sync-only"
    if names & _SAFE:
        return "async-safe"
    if owns(defining_file(target)):
        return "project"
    if not _home(target).startswith("django."):
        return "third-party"
    return "async-safe" if _sees_coroutines(target, _maker(target)) else "sync-only"


def _maker(wrapper: object) -> object:
    """The function of a module that made this wrapper, which may be the one that asks."""
    module, _, name = wrapper_name(wrapper).rpartition(".")
    return look(sys.modules.get(module), name)


def runs_once(wrapper: Callable[..., object]) -> bool:
    """Whether a wrapper around a function is known to add no I/O of its own."""
    return _home(wrapper).startswith(_RUN_ONCE_MODULES)


def _home(target: object) -> str:
    """The module whose code it is; `functools.wraps` makes `__module__` tell another."""
    if isinstance(target, types.FunctionType):
        return str(target.__globals__.get("__name__", ""))
    named = isinstance(target, type | types.BuiltinFunctionType)
    return module_of(target) if named else type(target).__module__


def wrapper_name(wrapper: object) -> str:
    """The dotted name of the decorator that made this wrapper."""
    wrapper = made_by(wrapper)
    code, namespace = code_of(wrapper), look(wrapper, "__globals__")
    if code is None or not isinstance(namespace, dict):
        return f"{module_of(wrapper)}.{look(wrapper, '__qualname__', type(wrapper).__name__)}"
    return f"{namespace.get('__name__', '')}.{code.co_qualname.partition('.<locals>')[0]}"


def _names(target: object) -> set[str]:
    name = str(look(target, "__qualname__", type(target).__qualname__))
    names = {f"{module_of(target)}.{name.partition('.<locals>')[0]}", wrapper_name(target)}
    if not isinstance(target, types.FunctionType | type):
        kind = type(target)
        names.add(f"{kind.__module__}.{kind.__qualname__.lower()}")
    return names


def made_by(wrapper: object) -> object:
    """What a `ContextDecorator` such as `atomic` left around a function stands for: the manager itself."""
    code = code_of(wrapper)
    if code is None or not code.co_qualname.startswith("ContextDecorator."):
        return wrapper
    closure = look(wrapper, "__closure__") or ()
    cells = dict(zip(code.co_freevars, closure, strict=False))
    return cells["self"].cell_contents if "self" in cells else wrapper


def defining_file(target: object) -> str:
    """The file whose code runs when the decorator, or the wrapper that it left, is called."""
    code = code_of(target) or code_of(look(type(target), "__call__"))
    return code.co_filename if code is not None else ""


def code_of(target: object) -> types.CodeType | None:
    """The compiled body of a function or method; None where it has none."""
    code = look(target, "__code__")
    return code if isinstance(code, types.CodeType) else None


def _sees_coroutines(*targets: object) -> bool:
    waiting, seen = list(targets), set[int]()
    while waiting:
        function = waiting.pop()
        if id(function) in seen or not isinstance(function, types.FunctionType):
            continue
        seen.add(id(function))
        names = set(_code_names(function.__code__))
        if names & _SEES_COROUTINES:
            return True
        module = function.__globals__
        waiting += [module[name] for name in names if _is_own(module.get(name), function)]
        waiting += list(_closure(function))
    return False


def _is_own(value: object, function: types.FunctionType) -> bool:
    return isinstance(value, types.FunctionType) and value.__module__.startswith("django.") and (
        value.__module__ == function.__module__ or value.__module__.endswith(".decorators")
    )  # fmt: skip


def _closure(function: types.FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue


def _code_names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code_names(constant)
