"""Async copies of functions: the copy behind the original, and the calls and imports that name it."""

from collections.abc import Callable, Sequence

import libcst as cst

from unblocker.records.plan import FunctionPlan
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import BLANK
from unblocker.rewrite.local_imports import import_in_function
from unblocker.rewrite.references import imported_names, module_text


def add_twin(draft: Draft, function: FunctionPlan, definition: cst.FunctionDef) -> None:
    """Keep the original as it was and put the edited copy, under the twin's name, right behind it."""
    block = draft.block_of(definition)
    at_top = isinstance(block, cst.Module)

    def weave(items: Sequence[Item]) -> Sequence[Item]:
        woven: list[Item] = []
        for item in items:
            if item.original is definition:
                copy = cst.ensure_type(item.node, cst.FunctionDef)
                twin = _as_twin(copy, function.name, apart=2 if at_top else 1)
                woven += [Item(definition, definition), Item(None, twin)]
            else:
                woven.append(item)
        return woven

    draft.in_block(block, weave)


def _as_twin(definition: cst.FunctionDef, name: str, *, apart: int) -> cst.FunctionDef:
    """The copy, without the comments above the original, set apart as the original was or by `apart` blank lines."""
    blank = [line for line in definition.leading_lines if line.comment is None]
    return definition.with_changes(name=cst.Name(name), leading_lines=blank or [BLANK] * apart)


def twin_callee(
    draft: Draft, call: cst.Call, name: str
) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """The twin in the callee's place: `f` becomes `af`, `module.f` and `self.f` become `module.af`, `self.af`."""
    if name and isinstance(call.func, cst.Attribute):
        return lambda func: cst.ensure_type(func, cst.Attribute).with_changes(attr=cst.Name(name))
    if not name or not isinstance(call.func, cst.Name) or call.func.value == name:
        return lambda func: func
    local = cst.Name(_import_beside(draft, call, call.func.value, name))
    return lambda _: local


def _import_beside(draft: Draft, call: cst.Call, old: str, new: str) -> str:
    """The local name of the twin `new`, imported from where `old` is, if it is imported."""
    if import_in_function(draft, call, old, new):
        return new
    origin = draft.references.origin(old)
    return draft.references.imported(origin[0], new) if origin else new


def import_beside_old(draft: Draft, function: FunctionPlan) -> None:
    """In a file that imports the old function by name, import its twin from the same module."""
    old = function.function.rpartition(":")[2]
    for statement in draft.references.statements:
        if isinstance(statement, cst.ImportFrom) and old in dict(imported_names(statement)):
            draft.references.imported(module_text(statement), function.name)
