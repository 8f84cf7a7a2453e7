"""Functions that change: `def` becomes `async def`, and everything the plan has for the body."""

import libcst as cst

from unblocker.records.plan import FunctionPlan
from unblocker.rewrite.awaits import add_awaits
from unblocker.rewrite.draft import Draft
from unblocker.rewrite.groups import add_group
from unblocker.rewrite.loops import add_loop
from unblocker.rewrite.transactions import add_atomic
from unblocker.rewrite.twins import add_twin


def add_function(draft: Draft, function: FunctionPlan) -> None:
    """Give `draft` every edit that the plan has for `function`."""
    definition = draft.tree.function_at(function.place)
    if definition is None:
        text = f"the plan has {function.function} here, the source has no function"
        draft.fail(function.function, "U601", text, function.place)
        return
    for loop in function.loops:
        add_loop(draft, function, definition, loop)
    add_awaits(draft, function, definition)
    for atomic in function.atomics:
        add_atomic(draft, function, atomic)
    for group in function.groups:
        add_group(draft, function, definition, group)
    if function.is_async and definition.asynchronous is None:
        draft.on(definition, _asynchronous)
    if function.twin:
        add_twin(draft, function, definition)


def _asynchronous(node: cst.CSTNode) -> cst.FunctionDef:
    return cst.ensure_type(node, cst.FunctionDef).with_changes(asynchronous=cst.Asynchronous())
