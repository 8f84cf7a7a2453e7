"""Transactions: `with transaction.atomic():` becomes `async with aatomic():`, the decorator likewise."""

from collections.abc import Sequence
from itertools import groupby

import libcst as cst

from unblocker.records.plan import AtomicBlock, FunctionPlan
from unblocker.rewrite.awaits import always
from unblocker.rewrite.draft import Draft


def add_atomic(draft: Draft, function: FunctionPlan, atomic: AtomicBlock) -> None:
    """Let `draft` make the transaction at the atomic block's place asynchronous."""
    expression = draft.tree.expression_at(atomic.place)
    if expression is None:
        text = "the plan has a transaction here, the source has none"
        draft.fail(function.function, "U601", text, atomic.place)
        return
    callee = expression.func if isinstance(expression, cst.Call) else expression
    draft.on(callee, always(draft.references.name("django_unblock.aatomic")))
    item = draft.tree.parents[expression]
    if isinstance(item, cst.WithItem):
        statement = cst.ensure_type(draft.tree.parents[item], cst.With)
        draft.asynchronous_items.add(item)
        draft.on(statement, lambda node: _asynchronous(draft, statement, node))


def _asynchronous(draft: Draft, original: cst.With, node: cst.CSTNode) -> cst.With:
    """The `with` statement, nested where it holds both sorts of context managers."""
    updated = cst.ensure_type(node, cst.With)
    if original.asynchronous or updated.asynchronous:
        return updated
    pairs = zip(original.items, updated.items, strict=True)
    sorts = [
        (sort, [item for _, item in group])
        for sort, group in groupby(pairs, key=lambda pair: pair[0] in draft.asynchronous_items)
    ]
    if len(sorts) == 1:
        return updated.with_changes(asynchronous=cst.Asynchronous())
    body: cst.BaseSuite = updated.body
    for sort, items in reversed(sorts[1:]):
        body = cst.IndentedBlock([_with(items, body, asynchronous=sort)])
    first, items = sorts[0]
    outer = _with(items, body, asynchronous=first)
    return outer.with_changes(leading_lines=updated.leading_lines)


def _with(items: Sequence[cst.WithItem], body: cst.BaseSuite, *, asynchronous: bool) -> cst.With:
    *others, last = items
    ended = last.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return cst.With(
        [*others, ended], body, asynchronous=cst.Asynchronous() if asynchronous else None
    )
