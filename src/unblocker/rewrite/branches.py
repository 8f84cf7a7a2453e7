"""One arm of a gather: the awaitable that goes into the call, and the local function it may need."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import libcst as cst

from unblocker.records.plan import Branch
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import Argument, Layout, joined, one_step_deeper
from unblocker.rewrite.local_functions import (
    carried_names,
    check_movable,
    coroutine_function,
    returning_body,
)
from unblocker.rewrite.names import free_name, target_names
from unblocker.rewrite.quiet import is_quiet, is_quiet_call
from unblocker.rewrite.statements import (
    assigned_target,
    assigned_value,
    bare_annotation,
    comment_behind,
    comments_above,
    small_statement,
)


@dataclass(frozen=True, slots=True)
class Arm:
    """What one branch adds: an argument of `gather`, where its result goes, and what must stand before.

    `declaration` is the bare annotation of a target that was annotated.
    """

    argument: Argument
    target: cst.BaseExpression | None = None
    definition: cst.FunctionDef | None = None
    declaration: cst.SimpleStatementLine | None = None

    @property
    def name(self) -> str:
        """The local function's name; empty where there is none."""
        return self.definition.name.value if self.definition else ""


def load_arm(draft: Draft, branch: Branch) -> Arm:
    """`load(a, b)` for a branch that fetches local querysets."""
    load = draft.references.name("django_unblock.load")
    return Arm(Argument(cst.Call(load, [cst.Arg(cst.Name(name)) for name in branch.loads])))


def direct_arm(
    draft: Draft, branch: Branch, items: Sequence[Item], *, first: bool, layout: Layout
) -> Arm | None:
    """The awaited call itself, where the branch is one `x = <call>` that may stand in the arguments; else None.

    Arguments are evaluated before any branch starts, so those of a later branch must be quiet: an error in them
    would otherwise come before the errors of the branches in front.
    """
    if len(items) != 1 or items[0].original is None:
        return None
    original, line = small_statement(items[0].original), items[0].node
    before, after = assigned_value(original), assigned_value(small_statement(line))
    if before not in draft.awaited or not isinstance(after, cst.Await):
        return None
    if _awaits_inside(after.expression):
        return None
    if not first and not is_quiet_call(cst.ensure_type(before, cst.Call), draft.references):
        return None
    target = assigned_target(original)
    if target is not None and not takes_result(draft, target):
        return None
    if isinstance(target, cst.Name) and target.value not in branch.exports:
        target = None
    call: cst.BaseExpression = joined(cst.ensure_type(after.expression, cst.Call))
    if not layout.deeper().fits(cst.Arg(call, comma=cst.Comma())):
        call = one_step_deeper(after.expression, layout.step)
    argument = Argument(call, comments_above(line), comment_behind(line))
    return Arm(argument, target, declaration=bare_annotation(original))


def takes_result(draft: Draft, target: cst.BaseExpression) -> bool:
    """Whether `target` may stand among the targets of the gather: names, or a quiet attribute or item."""
    if isinstance(target, cst.Attribute):
        return is_quiet(target.value, draft.references)
    if isinstance(target, cst.Subscript):
        indexes = [element.slice for element in target.slice]
        return is_quiet(target.value, draft.references) and all(
            isinstance(index, cst.Index) and is_quiet(index.value, draft.references)
            for index in indexes
        )
    return bool(target_names(target))


def _awaits_inside(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Await) or any(_awaits_inside(child) for child in node.children)


def local_arm(
    branch: Branch,
    items: Sequence[Item],
    definition: cst.FunctionDef,
    taken: Set[str],
    layout: Layout,
) -> Arm:
    """A local coroutine function that holds the branch's statements, and its call.

    Raises:
        NotMovableError: the statements would mean something else there.
    """
    nodes = [item.original for item in items if item.original is not None]
    check_movable(nodes, definition)
    carried = carried_names(items, definition)
    name = free_name(branch.name, taken)
    body = returning_body(items, branch.exports, layout.deeper())
    function = coroutine_function(name, carried, body, layout.step)
    call = cst.Call(cst.Name(name), [cst.Arg(cst.Name(carry)) for carry in carried])
    last = small_statement(items[-1].original) if items[-1].original else None
    annotated = isinstance(assigned_target(last), cst.Name) and branch.exports
    return Arm(
        Argument(call),
        _exported(branch.exports),
        function,
        bare_annotation(last) if annotated else None,
    )


def _exported(names: Sequence[str]) -> cst.BaseExpression | None:
    if len(names) < 2:
        return cst.Name(names[0]) if names else None
    return cst.Tuple([cst.Element(cst.Name(name)) for name in names])
