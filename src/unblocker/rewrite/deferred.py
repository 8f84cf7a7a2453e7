"""One arm of a `together`: what synchronous code hands over to be done beside other things."""

from collections.abc import Sequence, Set
from dataclasses import replace

import libcst as cst

from unblocker.records.plan import Branch
from unblocker.rewrite.branches import Arm, local_arm, takes_result
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import Argument, Layout, joined
from unblocker.rewrite.local_functions import locals_of, needs_its_function
from unblocker.rewrite.names import loaded_names
from unblocker.rewrite.quiet import is_quiet
from unblocker.rewrite.statements import (
    assigned_target,
    assigned_value,
    bare_annotation,
    comment_behind,
    comments_above,
    small_statement,
)


def loaded_arms(branch: Branch) -> list[Arm]:
    """The querysets of a branch that fetches them, each handed over as it is."""
    return [Arm(Argument(cst.Name(name))) for name in branch.loads]


def deferred_arm(
    draft: Draft,
    branch: Branch,
    items: Sequence[Item],
    definition: cst.FunctionDef,
    layout: Layout,
) -> Arm | None:
    """The value of the branch's one `x = value` as a bound method or a lambda, where that is one line; else None."""
    if len(items) != 1 or items[0].original is None:
        return None
    original, line = small_statement(items[0].original), items[0].node
    value, target = assigned_value(original), assigned_target(original)
    if original is None or value is None or needs_its_function(value):
        return None
    if target is not None and not takes_result(draft, target):
        return None
    if isinstance(target, cst.Name) and target.value not in branch.exports:
        target = None
    work = _work(draft, value, definition)
    if not layout.deeper().fits(cst.Arg(work, comma=cst.Comma())):
        return None
    argument = Argument(work, comments_above(line), comment_behind(line))
    return Arm(argument, target, declaration=bare_annotation(original))


def _work(
    draft: Draft, value: cst.BaseExpression, definition: cst.FunctionDef
) -> cst.BaseExpression:
    """`Tag.objects.count` for `Tag.objects.count()`; for anything else a lambda, which evaluates it all when called."""
    if isinstance(value, cst.Call):
        if _is_bound_method(value, draft, locals_of(definition)):
            return value.func
        value = joined(value)
    return cst.Lambda(cst.Parameters(), value)


def _is_bound_method(call: cst.Call, draft: Draft, locals_: Set[str]) -> bool:
    """Whether the call is of a method without arguments, which is found without doing anything.

    An attribute of a local may query, as that of `order.customer.orders` does.
    """
    if not isinstance(call.func, cst.Attribute) or call.args:
        return False
    is_direct = isinstance(call.func.value, cst.Name)
    return is_quiet(call.func, draft.references) and (is_direct or not loaded_names(call) & locals_)


def local_deferred_arm(
    branch: Branch,
    items: Sequence[Item],
    definition: cst.FunctionDef,
    taken: Set[str],
    layout: Layout,
) -> Arm:
    """A local function that holds the branch's statements, handed over uncalled.

    Raises:
        NotMovableError: the statements would mean something else there.
    """
    arm = local_arm(branch, items, definition, taken, layout)
    call = cst.ensure_type(arm.argument.value, cst.Call)
    work = cst.Lambda(cst.Parameters(), call) if call.args else call.func
    function = cst.ensure_type(arm.definition, cst.FunctionDef).with_changes(asynchronous=None)
    return replace(arm, argument=Argument(work), definition=function)
