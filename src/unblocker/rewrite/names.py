"""The names that stand in a piece of source: those it binds, those it reads, and free ones for new locals."""

import builtins
import keyword
from collections.abc import Iterable, Set
from typing import override

import libcst as cst


def identifiers(node: cst.CSTNode) -> frozenset[str]:
    """Every name that `node` binds or reads in any scope; attributes and keywords of calls are not names."""
    visitor = Identifiers()
    node.visit(visitor)
    return frozenset(visitor.found)


def free_name(wanted: str, taken: Set[str]) -> str:
    """`wanted`, or `wanted_2`, `wanted_3`, … where it is taken, a builtin or a keyword."""
    name, number = wanted, 1
    while name in taken or hasattr(builtins, name) or keyword.iskeyword(name):
        number += 1
        name = f"{wanted}_{number}"
    return name


def bound_names(
    nodes: Iterable[cst.CSTNode], skip: Set[cst.CSTNode] = frozenset()
) -> frozenset[str]:
    """The locals that the statements bind in their own scope, those in nested scopes and in `skip` left out."""
    visitor = _Binding(skip)
    for node in nodes:
        node.visit(visitor)
    return frozenset(visitor.found)


def target_names(target: cst.BaseExpression) -> frozenset[str]:
    """The names that an assignment to `target` binds; none for an attribute or an item."""
    if isinstance(target, cst.Name):
        return frozenset({target.value})
    if isinstance(target, cst.Tuple | cst.List):
        return frozenset().union(*(target_names(element.value) for element in target.elements))
    return frozenset()


def loaded_names(node: cst.CSTNode, skip: Set[cst.CSTNode] = frozenset()) -> frozenset[str]:
    """The names that `node` reads outside `skip`, those that nested functions and comprehensions capture included."""
    visitor = _Loading(skip)
    node.visit(visitor)
    return frozenset(visitor.found)


class _Binding(cst.CSTVisitor):
    def __init__(self, skip: Set[cst.CSTNode]) -> None:
        super().__init__()
        self.skip = skip
        self.found: set[str] = set()

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self.skip and super().on_visit(node)

    def _add(self, target: cst.BaseExpression) -> None:
        self.found |= target_names(target)

    @override
    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._add(node.target)

    @override
    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._add(node.target)

    @override
    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._add(node.target)

    @override
    def visit_For(self, node: cst.For) -> None:
        self._add(node.target)

    @override
    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self.found |= target_names(node.target)

    @override
    def visit_AsName(self, node: cst.AsName) -> None:
        self._add(node.name)

    @override
    def visit_Del(self, node: cst.Del) -> None:
        self._add(node.target)

    @override
    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        if node.asname is None:
            self.found.add(_root(node.name))

    @override
    def visit_MatchAs(self, node: cst.MatchAs) -> None:
        if node.name is not None:
            self.found.add(node.name.value)

    @override
    def visit_MatchStar(self, node: cst.MatchStar) -> None:
        if node.name is not None:
            self.found.add(node.name.value)

    @override
    def visit_MatchMapping(self, node: cst.MatchMapping) -> None:
        if node.rest is not None:
            self.found.add(node.rest.value)

    @override
    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self.found.add(node.name.value)
        return False

    @override
    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self.found.add(node.name.value)
        return False

    @override
    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False


def _root(name: cst.BaseExpression) -> str:
    while isinstance(name, cst.Attribute):
        name = name.value
    return cst.ensure_type(name, cst.Name).value


class Identifiers(cst.CSTVisitor):
    """Gathers names in `found`; attributes and keywords of calls are not names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    @override
    def visit_Name(self, node: cst.Name) -> None:
        self.found.add(node.value)

    @override
    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    @override
    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False


class _Loading(Identifiers):
    """Names but for those that are only assigned."""

    def __init__(self, skip: Set[cst.CSTNode]) -> None:
        super().__init__()
        self.skip = skip

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self.skip and super().on_visit(node)

    @override
    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        return self._visit_target(node.target)

    @override
    def visit_AnnAssign(self, node: cst.AnnAssign) -> bool:
        self._visit_target(node.target)
        if node.value is not None:
            node.value.visit(self)
        return False

    @override
    def visit_NamedExpr(self, node: cst.NamedExpr) -> bool:
        node.value.visit(self)
        return False

    @override
    def visit_For(self, node: cst.For) -> bool:
        self._visit_target(node.target)
        for part in (node.iter, node.body, node.orelse):
            if part is not None:
                part.visit(self)
        return False

    def _visit_target(self, target: cst.BaseExpression) -> bool:
        if isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._visit_target(element.value)
        elif not isinstance(target, cst.Name):
            target.visit(self)
        return False
