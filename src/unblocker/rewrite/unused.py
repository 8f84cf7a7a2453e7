"""Imports that the conversion left without a use."""

import re
from collections.abc import Callable, Sequence, Set
from typing import override

import libcst as cst

from unblocker.rewrite.imports import without_names
from unblocker.rewrite.names import Identifiers


def remove_unused(
    before: cst.Module, after: cst.Module, asked_of_it: Callable[[Set[str]], Set[str]]
) -> cst.Module:
    """`after` without the module-level imports whose names were used in `before` and no longer are.

    A line with a `noqa` comment stays, and so does a name in `__all__` or in a quoted annotation, and one of those that
    other files ask for.
    """
    lost = used_names(before) - used_names(after)
    lost -= asked_of_it(lost)
    if not lost:
        return after
    body: list[cst.BaseStatement] = []
    orphaned: Sequence[cst.EmptyLine] | None = None
    for line in after.body:
        kept = _without(line, lost)
        if kept is None:
            orphaned = getattr(line, "leading_lines", ()) if orphaned is None else orphaned
            continue
        if orphaned is not None:
            kept = _moved_up(kept, orphaned, first=not body)
            orphaned = None
        body.append(kept)
    return after.with_changes(body=body)


def _without[T: cst.BaseStatement](line: T, lost: Set[str]) -> T | None:
    """The line without the lost names; None where nothing is left of it."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return line
    statement = line.body[0]
    comment = line.trailing_whitespace.comment
    if not isinstance(statement, cst.Import | cst.ImportFrom) or "noqa" in (
        comment.value if comment else ""
    ):
        return line
    kept = without_names(statement, lost)
    return None if kept is None else line.with_changes(body=[kept])


def _moved_up[T: cst.BaseStatement](
    line: T, orphaned: Sequence[cst.EmptyLine], *, first: bool
) -> T:
    """The line behind removed ones, with their blank lines and comments where it has no blank line of its own."""
    own: Sequence[cst.EmptyLine] = getattr(line, "leading_lines", ())
    if first:
        own = [*orphaned, *_from_first_comment(own)]
    elif not own or own[0].comment is not None:
        own = [*orphaned, *own]
    return line.with_changes(leading_lines=own)


def _from_first_comment(lines: Sequence[cst.EmptyLine]) -> Sequence[cst.EmptyLine]:
    for index, line in enumerate(lines):
        if line.comment is not None:
            return lines[index:]
    return ()


def used_names(module: cst.Module) -> frozenset[str]:
    """The names that the module uses other than by importing them."""
    visitor = _Uses()
    module.visit(visitor)
    return frozenset(visitor.found)


class _Uses(Identifiers):
    def __init__(self) -> None:
        super().__init__()
        self.quoted = 0

    @override
    def visit_Import(self, node: cst.Import) -> bool:
        return False

    @override
    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    @override
    def visit_Annotation(self, node: cst.Annotation) -> None:
        self.quoted += 1

    @override
    def leave_Annotation(self, original_node: cst.Annotation) -> None:
        self.quoted -= 1

    @override
    def visit_Assign(self, node: cst.Assign) -> None:
        self.quoted += _is_export_list(node)

    @override
    def leave_Assign(self, original_node: cst.Assign) -> None:
        self.quoted -= _is_export_list(original_node)

    @override
    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        if self.quoted:
            self.found |= set(re.findall(r"\w+", node.value))


def _is_export_list(node: cst.Assign) -> bool:
    return any(
        isinstance(target.target, cst.Name) and target.target.value == "__all__"
        for target in node.targets
    )
