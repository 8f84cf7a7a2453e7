"""Statements that move into a coroutine function of their own, inside the view."""

from collections.abc import Iterable, Sequence
from typing import override

import libcst as cst

from unblocker.rewrite.draft import Item
from unblocker.rewrite.layout import BLANK, Layout
from unblocker.rewrite.names import bound_names, loaded_names, target_names
from unblocker.rewrite.statements import (
    assigned_target,
    assigned_value,
    small_statement,
    with_blank_lines,
)
from unblocker.rewrite.wrapping import wrapped


class NotMovableError(Exception):
    """Says why statements would mean something else inside a function of their own."""


def coroutine_function(
    name: str,
    parameters: Iterable[str],
    body: Sequence[cst.BaseStatement],
    indent: str | None,
) -> cst.FunctionDef:
    """`async def name(parameters):` with `body`, set apart by a blank line."""
    return cst.FunctionDef(
        name=cst.Name(name),
        params=cst.Parameters([cst.Param(cst.Name(parameter)) for parameter in parameters]),
        body=cst.IndentedBlock(body, indent=indent),
        asynchronous=cst.Asynchronous(),
        leading_lines=[BLANK],
    )


def returning_body(
    items: Sequence[Item], exports: Sequence[str], layout: Layout
) -> list[cst.BaseStatement]:
    """The statements, ending with the return of `exports`; a last `x = value` becomes `return value`.

    `layout` is that of the new function's body, where a line may no longer fit.
    """
    return [wrapped(line, layout) for line in _returning(items, exports)]


def _returning(items: Sequence[Item], exports: Sequence[str]) -> list[cst.BaseStatement]:
    lines = [item.node for item in items]
    lines[0] = with_blank_lines(lines[0], ())
    if not exports:
        return lines
    last = lines[-1]
    statement = small_statement(last)
    value, target = assigned_value(statement), assigned_target(statement)
    if value is not None and target is not None and _names_in_order(target) == tuple(exports):
        lines[-1] = last.with_changes(body=[cst.Return(value)])
        return lines
    names = [cst.Name(name) for name in exports]
    result = (
        names[0]
        if len(names) == 1
        else cst.Tuple([cst.Element(n) for n in names], lpar=(), rpar=())
    )
    return [*lines, cst.SimpleStatementLine([cst.Return(result)])]


def _names_in_order(target: cst.BaseExpression) -> tuple[str, ...]:
    if isinstance(target, cst.Name):
        return (target.value,)
    if isinstance(target, cst.Tuple) and all(
        isinstance(element, cst.Element) and isinstance(element.value, cst.Name)
        for element in target.elements
    ):
        return tuple(cst.ensure_type(element.value, cst.Name).value for element in target.elements)
    return ()


def check_movable(nodes: Sequence[cst.CSTNode], definition: cst.FunctionDef) -> None:
    """Refuse statements that can't stand in a nested function.

    Raises:
        NotMovableError: they leave the function or a loop around them, yield, delete a local, call `super()` or
            `locals()`, or bind what the function declares global or nonlocal.
    """
    visitor = _Obstacles()
    for node in nodes:
        node.visit(visitor)
    if visitor.found:
        raise NotMovableError(f"it holds {visitor.found}")
    declared = _Declared()
    definition.body.visit(declared)
    shared = sorted(declared.names & bound_names(nodes))
    if shared:
        raise NotMovableError(f"{shared[0]} is declared global or nonlocal")


def needs_its_function(expression: cst.BaseExpression) -> bool:
    """Whether the expression means something else in a lambda: it binds a name, yields or calls `super()`."""
    visitor = _Obstacles()
    expression.visit(visitor)
    walruses = bound_names([expression])
    return bool(visitor.found or walruses)


def carried_names(items: Sequence[Item], definition: cst.FunctionDef) -> tuple[str, ...]:
    """The names that the statements read before they bind them anew: the parameters of their own function.

    Raises:
        NotMovableError: such a name may not be bound yet where the statements stand.
    """
    nodes = [item.original for item in items if item.original is not None]
    bound = bound_names(nodes)
    known: set[str] = set()
    read: set[str] = set()
    for node in nodes:
        read |= (loaded_names(node) & bound) - known - _header_targets(node)
        if isinstance(node, cst.Assign | cst.AnnAssign):
            known |= bound_names([node])
    outside = bound_names([definition.body], skip=frozenset(nodes))
    carried = sorted(read & (outside | _parameters(definition)))
    certain = _parameters(definition) | _surely_bound(definition, nodes[0])
    for name in carried:
        if name not in certain:
            raise NotMovableError(f"{name} may not be bound before it")
    return tuple(carried)


def _header_targets(node: cst.CSTNode) -> frozenset[str]:
    return target_names(node.target) if isinstance(node, cst.For) else frozenset()


def locals_of(definition: cst.FunctionDef) -> frozenset[str]:
    """The function's parameters and the names that it binds."""
    return _parameters(definition) | bound_names([definition.body])


def _parameters(definition: cst.FunctionDef) -> frozenset[str]:
    params = definition.params
    plain = [*params.posonly_params, *params.params, *params.kwonly_params]
    stars = [star for star in (params.star_arg, params.star_kwarg) if isinstance(star, cst.Param)]
    return frozenset(param.name.value for param in (*plain, *stars))


def _surely_bound(definition: cst.FunctionDef, before: cst.CSTNode) -> frozenset[str]:
    """The names that simple statements directly in the function bind ahead of `before`."""
    names: set[str] = set()
    for line in definition.body.body:
        if not isinstance(line, cst.SimpleStatementLine):
            if _holds(line, before):
                break
            continue
        if before in line.body:
            break
        names |= bound_names([line])
    return frozenset(names)


def _holds(tree: cst.CSTNode, node: cst.CSTNode) -> bool:
    return tree is node or any(_holds(child, node) for child in tree.children)


class _Obstacles(cst.CSTVisitor):
    """Finds what would mean something else one function further in."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""
        self.loops = 0

    @override
    def visit_Return(self, node: cst.Return) -> None:
        self.found = "a return"

    @override
    def visit_Yield(self, node: cst.Yield) -> None:
        self.found = "a yield"

    @override
    def visit_Del(self, node: cst.Del) -> None:
        self.found = "a del"

    @override
    def visit_Global(self, node: cst.Global) -> None:
        self.found = "a global statement"

    @override
    def visit_Nonlocal(self, node: cst.Nonlocal) -> None:
        self.found = "a nonlocal statement"

    @override
    def visit_Break(self, node: cst.Break) -> None:
        self._leave_loop("break")

    @override
    def visit_Continue(self, node: cst.Continue) -> None:
        self._leave_loop("continue")

    def _leave_loop(self, word: str) -> None:
        if not self.loops:
            self.found = f"a {word} of a loop around it"

    @override
    def visit_For(self, node: cst.For) -> None:
        self.loops += 1

    @override
    def leave_For(self, original_node: cst.For) -> None:
        self.loops -= 1

    @override
    def visit_While(self, node: cst.While) -> None:
        self.loops += 1

    @override
    def leave_While(self, original_node: cst.While) -> None:
        self.loops -= 1

    @override
    def visit_Call(self, node: cst.Call) -> None:
        name = node.func.value if isinstance(node.func, cst.Name) and not node.args else ""
        if name in {"super", "locals", "vars", "dir"}:
            self.found = f"a call of {name}()"

    @override
    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    @override
    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False


class _Declared(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    @override
    def visit_NameItem(self, node: cst.NameItem) -> None:
        self.names.add(node.name.value)
