"""Whether a loop's call can be made ahead of its turn, and what it needs for that."""

from typing import override

import libcst as cst

from unblocker.rewrite.draft import Draft
from unblocker.rewrite.legality import is_outermost_source
from unblocker.rewrite.names import bound_names, loaded_names, target_names
from unblocker.rewrite.quiet import is_quiet
from unblocker.rewrite.statements import assigned_target, assigned_value, small_statement

CONDITIONAL = (cst.If, cst.IfExp, cst.BooleanOperation, cst.MatchCase, cst.ExceptHandler)


class NotAheadError(Exception):
    """Says why a call must wait for its turn in the loop."""


def feeding_statements(
    draft: Draft, loop: cst.For, call: cst.Call
) -> tuple[cst.BaseStatement, ...]:
    """The assignments in the body ahead of the call that its arguments need.

    Raises:
        NotAheadError: the call can't be made before its turn: it may be made more or less often than once for an item,
            or needs what the loop works out.
    """
    if not target_names(loop.target):
        raise NotAheadError("its target is not a name")
    why = _why_not_once(draft, loop, call)
    if why:
        raise NotAheadError(why)
    feeding: list[cst.BaseStatement] = []
    around = {call, *draft.tree.ancestors(call)}
    lines = [line for line in loop.body.body if isinstance(line, cst.BaseStatement)]
    ahead = lines[: next((i for i, line in enumerate(lines) if line in around), 0)]
    wanted = loaded_names(call) - target_names(loop.target)
    for line in reversed(ahead):
        names = bound_names([line]) & wanted
        if not names:
            continue
        statement = small_statement(line)
        value = assigned_value(statement)
        named = isinstance(assigned_target(statement), cst.Name)
        if not named or value is None or not is_quiet(value, draft.references):
            raise NotAheadError(f"{min(names)} is worked out in the loop before the call")
        feeding.insert(0, line)
        wanted |= loaded_names(value) - target_names(loop.target)
    bound_elsewhere = bound_names([loop.body], skip=frozenset(feeding)) & wanted
    if bound_elsewhere or target_names(loop.target) & bound_names([loop.body]):
        name = min(bound_elsewhere or target_names(loop.target))
        raise NotAheadError(f"{name} changes while the loop runs")
    return tuple(feeding)


def _why_not_once(draft: Draft, loop: cst.For, call: cst.Call) -> str:
    """Why the call may be made more or less often than once for each item; empty where it is."""
    child: cst.CSTNode = call
    for parent in draft.tree.ancestors(call):
        if parent is loop:
            return "" if child is loop.body else "the call is not in its body"
        if isinstance(parent, cst.IndentedBlock | cst.SimpleStatementSuite) and _leaves(
            parent, child
        ):
            return "an item may be passed over before its call"
        if isinstance(parent, CONDITIONAL) and child is not getattr(parent, "test", None):
            return "not every item is asked for"
        if (isinstance(parent, cst.For) and child is not parent.iter) or isinstance(
            parent, cst.While
        ):
            return "the call is in a loop inside it"
        if isinstance(parent, cst.CompFor | cst.BaseComp) and not (
            is_outermost_source(draft.tree, parent, child) or isinstance(child, cst.CompFor)
        ):
            return "the call is in a comprehension"
        child = parent
    return "the call is not in its body"


def _leaves(block: cst.CSTNode, before: cst.CSTNode) -> bool:
    """Whether something in `block` ahead of `before` may end the iteration."""
    visitor = _Exits()
    for line in block.children:
        if line is before:
            break
        line.visit(visitor)
    return visitor.found


class _Exits(cst.CSTVisitor):
    found = False

    @override
    def on_visit(self, node: cst.CSTNode) -> bool:
        self.found |= isinstance(node, cst.Continue | cst.Break | cst.Return | cst.Raise)
        return not isinstance(node, cst.FunctionDef | cst.Lambda)
