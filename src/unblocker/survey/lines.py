"""Nodes found by the lines they stand at: most of a file is never looked at."""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from unblocker.survey.sources import Source


def lines_with(source: Source, words: Set[str]) -> list[int]:
    """The numbers of the lines that hold any of the words, rising."""
    return sorted({line for word in source.words & words for line in source.lines_of(word)})


def nodes_at(node: ast.AST, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The node and what is inside it, as far as it stands at these lines, outer ones first."""
    waiting = [node]
    for one in waiting:
        yield one
        waiting += children_at(one, lines)


def children_at(node: ast.AST, lines: Sequence[int]) -> list[ast.AST]:
    """The nodes directly inside this one that stand at these lines."""
    found: list[ast.AST] = []
    for value in vars(node).values():
        if value.__class__ is list:
            found += [one for one in value if isinstance(one, ast.AST) and stands_at(one, lines)]
        elif isinstance(value, ast.AST) and stands_at(value, lines):
            found.append(value)
    return found


def stands_at(node: ast.AST, lines: Sequence[int]) -> bool:
    """Whether the node holds one of the lines, its decorators with it; what has no place of its own may."""
    try:
        start: int = node.lineno  # type: ignore[attr-defined]  # not all have it
    except AttributeError:
        return not isinstance(node, ast.expr_context)
    if node.__class__ in _DECORATED and node.decorator_list:  # type: ignore[attr-defined]  # these have them
        start = min(start, node.decorator_list[0].lineno)  # type: ignore[attr-defined]
    at = bisect_left(lines, start)
    return at < len(lines) and lines[at] <= node.end_lineno  # type: ignore[attr-defined]  # it has a place


_DECORATED = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
