"""Code as it should read: an expression of a line replaced, and where a name got its value."""

import ast
from collections.abc import Iterator

from unblocker.explain.spots import Spot

_LONGEST = 160
_GATHERING = frozenset(
    {"gather", "create_task", "ensure_future", "wait_for", "shield", "run", "async_to_sync"}
)


def rewritten(spot: Spot, node: ast.expr, code: str) -> str:
    """The line with `code` in the node's place; only `code` where the statement has several lines."""
    statement = spot.statement
    lines = spot.text.splitlines()
    if statement is None or not (statement.lineno == node.lineno == node.end_lineno):
        return code
    line = lines[node.lineno - 1].encode()
    start, end = node.col_offset, node.end_col_offset or 0
    own = line[statement.col_offset : start], line[end:]
    before, after = (part.decode(errors="replace") for part in own)
    bare = not (before.endswith("(") and after.startswith(")"))
    if bare and _needs_brackets(statement, node) and code.startswith("await "):
        code = f"({code})"
    whole = f"{before}{code}{after}".strip().removesuffix(" pass")
    return whole if len(whole) <= _LONGEST else code


def _needs_brackets(statement: ast.stmt, node: ast.expr) -> bool:
    """Whether something is done with the node's value at once: an attribute, an item, a call, an operator."""
    for parent in ast.walk(statement):
        match parent:
            case (
                ast.Attribute(value=inner)
                | ast.Subscript(value=inner)
                | ast.Call(func=inner)
                | ast.Await(value=inner)
            ):
                if inner is node:
                    return True
            case _:
                continue
    return False


def may_await(spot: Spot, node: ast.expr) -> bool:
    """Whether an `await` may stand there: not in a lambda or a generator expression of its statement."""
    closed = (
        one
        for one in ast.walk(spot.statement or node)
        if isinstance(one, ast.Lambda | ast.GeneratorExp)
    )
    return not any(node is inner for one in closed for inner in ast.walk(one))


def is_gathered(spot: Spot, node: ast.expr) -> bool:
    """Whether it is handed to a function that takes coroutines and awaits them itself."""
    return any(
        isinstance(one, ast.Call) and name_of(one.func) in _GATHERING and node in one.args
        for one in spot.expressions()
    )


def renamed(spot: Spot, call: ast.Call, name: str) -> str:
    """The call's source with another name for the function or method: `x.get(1)` as `x.aget(1)`."""
    old, whole = spot.segment(call.func), spot.segment(call)
    start = old[: -len(name_of(call.func))] if isinstance(call.func, ast.Attribute) else ""
    return f"{start}{name}{whole[len(old) :]}"


def name_of(node: ast.AST) -> str:
    """The last name of `a.b.c`; empty where it ends in no name."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def root_of(node: ast.expr) -> str:
    """The first name of `a.b.c`; empty where it starts with no name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def find_call(spot: Spot, name: str) -> ast.Call | None:
    """The line's call of that name; None where there are none or several."""
    calls = [
        one for one in spot.expressions() if isinstance(one, ast.Call) and name_of(one.func) == name
    ]
    return calls[0] if calls and all(one is calls[0] or one is spot.node for one in calls) else None


def values_of(spot: Spot, name: str) -> Iterator[tuple[ast.stmt, ast.expr]]:
    """What a local is assigned, or loops over, above the spot in its function; the nearest first.

    Where that is only another local, what that one is assigned.
    """
    seen = {name}
    waiting = [name]
    while waiting:
        for statement, value in _assigned(spot, waiting.pop()):
            if isinstance(value, ast.Name):
                waiting += [value.id] if value.id not in seen else []
                seen.add(value.id)
            else:
                yield statement, value


def _assigned(spot: Spot, name: str) -> list[tuple[ast.stmt, ast.expr]]:
    if spot.definition is None or spot.statement is None:
        return []
    found = [
        (node, value)
        for node in ast.walk(spot.definition)
        if isinstance(node, ast.stmt) and node.lineno <= spot.statement.lineno
        for target, value in _bindings(node)
        if name_of(target) == name
    ]
    return sorted(found, key=lambda one: -one[0].lineno)


def _bindings(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=[target], value=value) if isinstance(target, ast.Name):
            yield target, value
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            yield target, value
        case ast.For(target=ast.Name() as target, iter=value):
            yield target, value
        case ast.AsyncFor(target=ast.Name() as target, iter=value):
            yield target, value
