"""The one walk over a module that carries out a draft."""

from collections.abc import Sequence
from typing import Any, override

import libcst as cst

from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.statements import small_statement
from unblocker.rewrite.wrapping import wrapped


def carry_out(draft: Draft) -> cst.Module:
    """The module with the draft's edits made, imports aside."""
    return cst.ensure_type(draft.tree.module.visit(_Walk(draft)), cst.Module)


class _Walk(cst.CSTTransformer):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    @override
    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
        node = updated_node
        for edit in self.draft.edits.get(original_node, ()):
            node = edit(node)
        if original_node in self.draft.touched_lines:
            node = self._wrapped(original_node, node)
        weaves = self.draft.weaves.get(original_node)
        if weaves:
            items = _items(self.draft, original_node, node)
            for weave in weaves:
                items = weave(items)
            node = _block(node, items)
        return node

    def _wrapped(self, original: cst.CSTNode, line: cst.CSTNode) -> cst.CSTNode:
        """The line broken, if it is only the edit that makes it too long."""
        layout = self.draft.layout_in(self.draft.tree.parents[original])
        before = cst.ensure_type(original, cst.SimpleStatementLine)
        if layout.overflows(before.with_changes(leading_lines=())):
            return line
        return wrapped(cst.ensure_type(line, cst.SimpleStatementLine), layout)


def _items(draft: Draft, original: cst.CSTNode, updated: cst.CSTNode) -> Sequence[Item]:
    """The statements of a block before and after, one small statement a line where an edit names it."""
    if isinstance(original, cst.SimpleStatementSuite):
        suite = cst.ensure_type(updated, cst.SimpleStatementSuite)
        line = cst.SimpleStatementLine(suite.body, trailing_whitespace=suite.trailing_whitespace)
        return _split(original.body, line)
    items: list[Item] = []
    for before, after in zip(_body(original), _body(updated), strict=True):
        if isinstance(before, cst.SimpleStatementLine):
            if len(before.body) > 1 and draft.split.intersection(before.body):
                items += _split(before.body, cst.ensure_type(after, cst.SimpleStatementLine))
            else:
                items.append(Item(small_statement(before), after))
        elif isinstance(before, cst.BaseCompoundStatement):
            items.append(Item(before, after))
    return items


def _body(block: cst.CSTNode) -> Sequence[cst.BaseStatement]:
    if isinstance(block, cst.Module):
        return block.body
    return cst.ensure_type(block, cst.IndentedBlock).body


def _split(
    originals: Sequence[cst.BaseSmallStatement], line: cst.SimpleStatementLine
) -> list[Item]:
    """A line of its own for each small statement; comments stay with the first and the last."""
    plain = [part.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for part in line.body]
    lines = [cst.SimpleStatementLine([part]) for part in plain]
    lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
    lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return [Item(original, node) for original, node in zip(originals, lines, strict=True)]


def _block(node: cst.CSTNode, items: Sequence[Item]) -> cst.CSTNode:
    body = [item.node for item in items]
    if isinstance(node, cst.SimpleStatementSuite):
        return cst.IndentedBlock(body)
    return node.with_changes(body=body)
