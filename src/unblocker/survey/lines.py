"""Nodes found by the lines they stand at: most of a file is never looked at."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from unblocker.survey.sources import Source

_WORD = re.compile(r"\w+")


def lines_with(source: Source, words: Set[str]) -> list[int]:
    """The numbers of the lines that hold any of the words, rising."""
    if words.isdisjoint(_WORD.findall(source.text)):
        return []
    return [
        number
        for number, line in enumerate(source.lines, 1)
        if not words.isdisjoint(_WORD.findall(line))
    ]


def nodes_at(node: ast.AST, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The node and what is inside it, as far as it stands at these lines, outer ones first."""
    waiting = [node]
    for one in waiting:
        yield one
        waiting += children_at(one, lines)


def children_at(node: ast.AST, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The nodes directly inside this one that stand at these lines."""
    for value in vars(node).values():
        for child in value if value.__class__ is list else (value,):
            if isinstance(child, ast.AST) and stands_at(child, lines):
                yield child


def stands_at(node: ast.AST, lines: Sequence[int]) -> bool:
    """Whether the node holds one of the lines, its decorators with it; what has no place of its own may."""
    start = getattr(node, "lineno", None)
    if start is None:
        return True
    if decorators := getattr(node, "decorator_list", None):
        start = min(start, decorators[0].lineno)
    at = bisect_left(lines, start)
    return at < len(lines) and lines[at] <= node.end_lineno  # type: ignore[attr-defined]  # it has a place
