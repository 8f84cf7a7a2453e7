"""Names in source: what an expression reads, what a statement binds, what a function calls its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def root_name(node: ast.expr) -> str | None:
    """The name at the far left of a chain of attributes, items and calls."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
                node = inner
            case ast.Call(func=inner):
                node = inner
            case _:
                return None


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly inside this one, in source order: `ast.iter_child_nodes`, in half its time."""
    found: list[ast.AST] = []
    for value in vars(node).values():
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def free_names(node: ast.AST) -> Iterator[str]:
    """Names that `node` reads from outside itself, in source order; a comprehension's and lambda's own left out."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            yield name
        case ast.Lambda(args=arguments, body=body):
            yield from free_names(arguments)
            own = frozenset(parameters(arguments))
            yield from (name for name in free_names(body) if name not in own)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            own = bound_names(*(generator.target for generator in node.generators))
            for child in children(node):
                yield from (name for name in free_names(child) if name not in own)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for part in (*node.decorator_list, node.args):
                yield from free_names(part)
            own = local_names(node)
            for statement in node.body:
                yield from (name for name in free_names(statement) if name not in own)
        case _:
            for child in children(node):
                yield from free_names(child)


def parameters(arguments: ast.arguments) -> tuple[str, ...]:
    """All parameters' names, in order."""
    vararg = [arguments.vararg] if arguments.vararg else []
    kwarg = [arguments.kwarg] if arguments.kwarg else []
    every = [*arguments.posonlyargs, *arguments.args, *vararg, *arguments.kwonlyargs, *kwarg]
    return tuple(argument.arg for argument in every)


def bound_names(*nodes: ast.AST) -> frozenset[str]:
    """Names that these targets bind."""
    return frozenset(
        inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)
    )


def is_generator(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function itself has a `yield`."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(children(node))
    return False


def local_names(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    inside: Callable[[ast.AST], Iterable[ast.AST]] = children,
) -> frozenset[str]:
    """Every name that is local to the function: parameters and whatever its own body binds.

    `inside` gives the nodes to look at in a node.
    """
    names = set(parameters(function.args))
    outer: set[str] = set()
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                names.add(name)
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                walruses = (item for item in ast.walk(node) if isinstance(item, ast.NamedExpr))
                names |= bound_names(*(walrus.target for walrus in walruses))
                continue
            case ast.Global(names=given) | ast.Nonlocal(names=given):
                outer.update(given)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update((alias.asname or alias.name).partition(".")[0] for alias in aliases)
        waiting.extend(inside(node))
    return frozenset(names - outer)
