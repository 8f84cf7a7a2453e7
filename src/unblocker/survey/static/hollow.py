"""What stands for code that is not run: functions that do nothing, names of what is not installed."""

from __future__ import annotations

import ast
import functools
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unblocker.survey.sources import Definition

type Decorated = Callable[..., Any]


class Missing:
    """Something of a module that can't be imported, by its dotted name; any attribute of it is missing, too."""

    def __init__(self, name: str) -> None:
        self.missing_name = name

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self.missing_name}.{name}")


def function(
    node: Definition | ast.Lambda,
    qualname: str,
    file: str,
    namespace: dict[str, object],
    defaults: tuple[Sequence[object], dict[str, object]] = ((), {}),
) -> FunctionType:
    """A function with the node's name, place and parameters that does nothing when it is called."""
    made = FunctionType(_code(node, qualname, file), namespace)
    made.__defaults__ = tuple(defaults[0]) or None
    made.__kwdefaults__ = defaults[1] or None
    made.__qualname__ = qualname
    _EMPTY.add(made.__code__)
    return made


_EMPTY: set[CodeType] = set()


def is_empty(target: object) -> bool:
    """Whether it is such a function, or a method that is one."""
    return getattr(getattr(target, "__func__", target), "__code__", None) in _EMPTY


def _code(node: Definition | ast.Lambda, qualname: str, file: str) -> CodeType:
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    kind = ast.AsyncFunctionDef if isinstance(node, ast.AsyncFunctionDef) else ast.FunctionDef
    body: list[ast.stmt] = [ast.Expr(ast.Yield())] if _yields(node) else [ast.Pass()]
    empty = kind("empty", _bare(node.args), body, [], type_params=[])
    whole = ast.fix_missing_locations(ast.Module([empty], []))
    made = compile(whole, file, "exec")
    code = next(item for item in made.co_consts if isinstance(item, CodeType))
    decorators = getattr(node, "decorator_list", ())
    return code.replace(
        co_name=name,
        co_qualname=qualname,
        co_firstlineno=min([node.lineno, *(one.lineno for one in decorators)]),
        co_names=tuple({item.id: None for item in ast.walk(node) if isinstance(item, ast.Name)}),
    )


def _bare(given: ast.arguments) -> ast.arguments:
    """The parameters without annotations; a default is set on the function."""

    def bare(argument: ast.arg | None) -> ast.arg | None:
        return ast.arg(argument.arg) if argument is not None else None

    return ast.arguments(
        [ast.arg(one.arg) for one in given.posonlyargs],
        [ast.arg(one.arg) for one in given.args],
        bare(given.vararg),
        [ast.arg(one.arg) for one in given.kwonlyargs],
        [None for _ in given.kwonlyargs],
        bare(given.kwarg),
        [],
    )


def _yields(node: Definition | ast.Lambda) -> bool:
    waiting: list[ast.AST] = [] if isinstance(node, ast.Lambda) else list(node.body)
    for one in waiting:
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(one)
    return False


def wrapped(target: Decorated, decorator: object) -> Decorated:
    """What a decorator that is not run leaves of a function: a wrapper that tells whose it is."""
    code = getattr(decorator, "__code__", None)
    name = str(getattr(decorator, "missing_name", "")) or "unknown"
    module, _, last = name.rpartition(".")
    node = ast.parse("def wrapper(*args, **kwargs): pass").body[0]
    assert isinstance(node, ast.FunctionDef)  # noqa: S101  for mypy
    qualname = f"{code.co_qualname if code else last}.<locals>.wrapper"
    file = code.co_filename if code else "<unknown>"
    namespace = getattr(decorator, "__globals__", {"__name__": module})
    wrapper = function(node, qualname, file, namespace)
    return functools.wraps(target)(wrapper)
