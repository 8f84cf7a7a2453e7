"""One async function as rules see it: its tree, and for each expression what it is and does."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unblocker.survey.awaitables import function_of, is_coroutine_function
from unblocker.survey.lint.rule import Hit
from unblocker.survey.looking import is_function, static_attribute
from unblocker.survey.values import NEVER, Awaitable, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.survey import Operation
    from unblocker.survey.lint.setting import Setting
    from unblocker.survey.seen import Observed
    from unblocker.survey.sources import Source

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True, eq=False)
class AsyncCode:
    """An async function of the project.

    Attributes:
        parents: for each node of the function the one around it.
        observed: what the evaluator has seen.
        namespace: the names of its module.
        setting: the project that it runs in.
    """

    source: Source
    node: ast.AsyncFunctionDef
    parents: dict[ast.AST, ast.AST]
    observed: Observed
    namespace: dict[str, object]
    setting: Setting

    def hit(self, node: ast.AST, text: str, fix: str) -> Hit:
        """The rule objects to `node`."""
        return Hit(self.source.place(node), text, fix)

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        """The function's own nodes of these kinds in source order, those of nested functions left out."""
        waiting: list[ast.AST] = list(reversed(self.node.body))
        while waiting:
            node = waiting.pop()
            if isinstance(node, kinds):
                yield node
            if not isinstance(node, _SCOPES):
                waiting.extend(reversed(list(ast.iter_child_nodes(node))))

    def calls(self) -> Iterator[ast.Call]:
        """The function's own calls."""
        yield from self.nodes(ast.Call)

    def value(self, node: ast.AST) -> Value:
        """What the expression was seen to be."""
        return self.observed.values.get(node, NEVER) if isinstance(node, ast.expr) else NEVER

    def callee(self, call: ast.Call) -> object:
        """The live function or method that is called; None where it is not known."""
        return function_of(self.value(call.func))

    def is_coroutine(self, node: ast.AST) -> bool:
        """Whether it is a call that does nothing before it is awaited."""
        return isinstance(node, ast.Call) and is_coroutine_function(self.value(node.func))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around this one."""
        return self.parents.get(node)

    def text(self, node: ast.AST) -> str:
        """The source of an expression, shortened."""
        return self.source.segment(node) if isinstance(node, ast.expr) else ""

    def called(self, call: ast.expr) -> str:
        """The name of what is called, as it is written."""
        return self.text(call.func) if isinstance(call, ast.Call) else self.text(call)

    def decorators(self) -> Iterator[tuple[ast.expr, object]]:
        """The function's decorators with the live objects that they, or their factories, name."""
        for node in self.node.decorator_list:
            yield node, self._live(node.func if isinstance(node, ast.Call) else node)

    def _live(self, node: ast.expr) -> object:
        match node:
            case ast.Name(id=name):
                return self.namespace.get(name)
            case ast.Attribute(value=inner, attr=name):
                found = static_attribute(self._live(inner), name)
                return None if found is inspect.Parameter.empty else found
            case _:
                return None

    def operations(self) -> Iterator[tuple[ast.expr, Operation]]:
        """What is done here and now, in source order: what is awaited, or waits to be, is left out."""
        found = [
            (node, operation)
            for node, operations in self.observed.operations.items()
            if not self._is_asynchronous(node)
            for operation in operations.values()
            if not (operation.entry == "django_sessions.load" and self._is_asked(node))
        ]
        yield from sorted(found, key=lambda one: one[1].place)

    def _is_asynchronous(self, node: ast.expr) -> bool:
        if isinstance(self.value(node), Awaitable):
            return True
        match self.parents.get(node):
            case ast.AsyncFor(iter=iterated) if iterated is node:
                return True
            case ast.comprehension(iter=iterated, is_async=1) if iterated is node:
                return True
        target = self.callee(node) if isinstance(node, ast.Call) else None
        return is_function(target) and inspect.isasyncgenfunction(target)

    def _is_asked(self, node: ast.expr) -> bool:
        """Whether a coroutine function of the object is called."""
        attribute = self.parents.get(node)
        call = self.parents.get(attribute) if isinstance(attribute, ast.Attribute) else None
        return call is not None and self.is_coroutine(call)


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """For each node below `tree` the one around it."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
