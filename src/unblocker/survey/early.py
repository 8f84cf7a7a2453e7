"""Which operations of a simple statement may begin ahead of it, and what their results are called there.

`{"topics": Topic.objects.count(), "users": User.objects.count()}` asks twice before the dictionary is made. Between the
two nothing happens that could fail or be noticed, so that both may be begun before the statement. Behind anything else
(a call, an item that may be missing) an operation waits for its turn.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Set

    from unblocker.records.places import Place
    from unblocker.records.survey import Operation
    from unblocker.survey.sources import Source

_PLAIN_OPERATORS = (ast.Add, ast.Sub, ast.Mult)
_PLAIN = (
    *(ast.Tuple, ast.List, ast.Set, ast.UnaryOp, ast.BoolOp, ast.IfExp, ast.Compare),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context),
)
_SILENT = (ast.Constant, ast.Name, ast.Lambda)
_KEEPS_ITS_KEYS = "django_orm.aggregate"


def begun_early(
    source: Source, value: ast.expr, operations: Collection[Operation], taken: Set[str]
) -> dict[str, str]:
    """By the ids of the operations that may begin ahead of the statement of this value: names for their results.

    None of the names is among those that are taken.
    """
    if not any(map(_may_begin, operations)):
        return {}
    reading = _Reading(source, operations, taken)
    reading.visit(value, "")
    return reading.found


def _may_begin(operation: Operation) -> bool:
    """It is sure to be made, by a call of its own where an `await` may stand, and only reads."""
    return (
        operation.certain
        and not operation.implicit
        and operation.scope == "body"
        and operation.times == 1
        and not operation.writes
        and operation.kind != "template"
    )


class _Reading:
    """Goes through an expression in the order of its evaluation."""

    def __init__(self, source: Source, operations: Collection[Operation], taken: Set[str]) -> None:
        self.found: dict[str, str] = {}
        self._taken = set(taken)
        self._source = source
        self._quiet = True
        self._at: dict[Place, list[Operation]] = {}
        for operation in operations:
            self._at.setdefault(operation.place, []).append(operation)

    def visit(self, node: ast.AST, name: str) -> None:
        """Read a part of the expression; what it does is called by the name, if it has one."""
        operations = (
            self._at.get(self._source.place(node), []) if isinstance(node, ast.expr) else []
        )
        if self._begins(node, operations):
            self.found[operations[0].id] = self._free(name or _named_after(operations[0]))
            return
        for part, its_name in _parts(node, name):
            self.visit(part, its_name)
        self._quiet &= not operations and self._is_quiet(node)

    def _begins(self, node: ast.AST, operations: list[Operation]) -> bool:
        if not (self._quiet and isinstance(node, ast.Call) and len(operations) == 1):
            return False
        inside = sum(len(found) for inner in ast.walk(node) for found in self._inside(inner))
        return _may_begin(operations[0]) and inside == 1

    def _inside(self, node: ast.AST) -> list[list[Operation]]:
        return [self._at.get(self._source.place(node), [])] if isinstance(node, ast.expr) else []

    def _is_quiet(self, node: ast.AST) -> bool:
        """Whether the node itself, apart from its parts, can neither fail nor be noticed."""
        match node:
            case ast.BinOp():
                return isinstance(node.op, _PLAIN_OPERATORS)
            case ast.Dict():
                return None not in node.keys
            case ast.Attribute():
                return isinstance(node.value, ast.Name | ast.Attribute)
            case ast.Subscript():
                return self._is_known_key(node)
            case _:
                return isinstance(node, (*_PLAIN, *_SILENT))

    def _is_known_key(self, node: ast.Subscript) -> bool:
        """`aggregate(total=…)["total"]`."""
        asked = self._at.get(self._source.place(node.value), [])
        return isinstance(node.slice, ast.Constant) and any(
            operation.entry == _KEEPS_ITS_KEYS and operation.id in self.found for operation in asked
        )

    def _free(self, name: str) -> str:
        numbered = (f"{name}_{number}" for number in count(2))
        free = next(one for one in chain((name,), numbered) if one not in self._taken)
        self._taken.add(free)
        return free


def _parts(node: ast.AST, name: str) -> Iterator[tuple[ast.AST, str]]:
    """What is evaluated for the node, in order, each with what its result may be called."""
    match node:
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                yield from [(key, "")] if key is not None else []
                yield value, _text(key)
        case ast.Call():
            yield from ((part, name) for part in (node.func, *node.args))
            yield from ((one.value, _argument_name(one)) for one in node.keywords)
        case ast.Lambda():
            return
        case _:
            kept = "" if isinstance(node, ast.IfExp | ast.Compare) else name
            yield from ((part, kept) for part in ast.iter_child_nodes(node))


def _argument_name(argument: ast.keyword) -> str:
    return argument.arg if argument.arg and _is_name(argument.arg) else ""


def _text(key: ast.expr | None) -> str:
    """A text that may be a name; empty for anything else."""
    text = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return text if _is_name(text) else ""


def _named_after(operation: Operation) -> str:
    words = re.findall(r"[a-z0-9_]+", operation.label.lower())
    name = "_".join(words if len(words) > 1 else [*words, "result"])
    return name if _is_name(name) else f"read_{name}"


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text) and not hasattr(builtins, text)
