"""A tree's statements and what they bind, without a look into their expressions: nine of ten nodes stand in these."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATEMENTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Module: ("body",),
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("body",),
}
COMPOUND = frozenset(_STATEMENTS)
"""What holds statements."""

_TARGETS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Assign: ("targets",),
    ast.AugAssign: ("target",),
    ast.AnnAssign: ("target",),
    ast.TypeAlias: ("name",),
    ast.For: ("target",),
    ast.AsyncFor: ("target",),
    ast.With: ("items",),
    ast.AsyncWith: ("items",),
    ast.withitem: ("optional_vars",),
    ast.Delete: ("targets",),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Starred: ("value",),
    ast.match_case: ("pattern",),
    ast.MatchAs: ("pattern",),
    ast.MatchOr: ("patterns",),
    ast.MatchSequence: ("patterns",),
    ast.MatchMapping: ("patterns",),
    ast.MatchClass: ("patterns", "kwd_patterns"),
}


def statements(node: ast.AST) -> list[ast.AST]:
    """The statements directly inside this one, in source order, with the handlers and cases that hold others."""
    return _parts(node, _STATEMENTS)


def targets(node: ast.AST) -> list[ast.AST]:
    """What this statement, or this target or pattern of many parts, assigns to."""
    return _parts(node, _TARGETS)


def binding_parts(node: ast.AST) -> list[ast.AST]:
    """The nodes directly inside this one that may bind a name by other means than `:=`."""
    return targets(node) + statements(node)


def _parts(node: ast.AST, fields: Mapping[type[ast.AST], tuple[str, ...]]) -> list[ast.AST]:
    found: list[ast.AST] = []
    for name in fields.get(node.__class__, ()):
        part = getattr(node, name)
        if part.__class__ is list:
            found += part
        elif part is not None:
            found.append(part)
    return found
