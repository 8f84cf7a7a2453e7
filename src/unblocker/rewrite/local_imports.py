"""Imports inside functions, as projects write them against import cycles: a twin is imported beside its original."""

from typing import override

import libcst as cst

from unblocker.rewrite.draft import Draft
from unblocker.rewrite.imports import with_name, without_names
from unblocker.rewrite.names import loaded_names
from unblocker.rewrite.references import imported_names


def import_in_function(draft: Draft, call: cst.Call, old: str, new: str) -> bool:
    """Let the import of `old` in a function around `call` import `new`; False if there is none.

    The import of `old` goes where its last use became one of `new`.
    """
    for function in draft.tree.ancestors(call):
        if isinstance(function, cst.FunctionDef):
            finder = _ImportFinder(old)
            function.body.visit(finder)
            if finder.found is not None:
                _replace(draft, function, finder.found, call, (old, new))
                return True
    return False


def _replace(
    draft: Draft,
    function: cst.FunctionDef,
    statement: cst.ImportFrom,
    call: cst.Call,
    names: tuple[str, str],
) -> None:
    old, new = names
    draft.converted_callees.add(call.func)

    def edit(node: cst.CSTNode) -> cst.CSTNode:
        added = with_name(cst.ensure_type(node, cst.ImportFrom), new)
        elsewhere = loaded_names(function.body, skip={statement, *draft.converted_callees})
        return added if old in elsewhere else without_names(added, {old}) or added

    draft.on(statement, edit)


class _ImportFinder(cst.CSTVisitor):
    """Finds the from-import that binds a name directly in a function's scope."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: cst.ImportFrom | None = None

    @override
    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if self.name in {local for _, local in imported_names(node)}:
            self.found = node

    @override
    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False
