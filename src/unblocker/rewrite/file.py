"""One file, rewritten: from its source and the functions planned in it to new text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import libcst as cst

from unblocker.records.places import Place
from unblocker.records.plan import FunctionPlan
from unblocker.records.survey import Problem
from unblocker.rewrite.carry_out import carry_out
from unblocker.rewrite.draft import Draft
from unblocker.rewrite.elsewhere import NOWHERE, Elsewhere
from unblocker.rewrite.fidelity import with_original_lines
from unblocker.rewrite.functions import add_function
from unblocker.rewrite.imports import add_imports
from unblocker.rewrite.references import References
from unblocker.rewrite.source import Source
from unblocker.rewrite.style import width_of
from unblocker.rewrite.tree import parse
from unblocker.rewrite.twins import import_beside_old
from unblocker.rewrite.unused import remove_unused


@dataclass(frozen=True, slots=True)
class Setting:
    """What the project says about its source.

    Attributes:
        width: how wide a line may be, if it says so.
        first_party: which packages are its own.
        elsewhere: its files, which may name what a module imports.
    """

    width: int | None
    first_party: frozenset[str]
    elsewhere: Elsewhere = NOWHERE


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file's new text, or None where it can't be had; the functions that failed; what is to be reported."""

    text: str | None
    failed: frozenset[str]
    problems: tuple[Problem, ...]


def rewrite_file(
    source: Source,
    functions: Sequence[FunctionPlan],
    twins: Sequence[FunctionPlan],
    setting: Setting,
) -> Rewritten:
    """`source` with `functions` converted, and the `twins` of other files imported where the originals are."""
    try:
        tree = parse(source.path, source.text)
    except cst.ParserSyntaxError as error:
        return _given_up(source, functions, "U605", f"LibCST cannot read it: {error.message}")
    width = setting.width or width_of(source.text)
    draft = Draft(tree, References(tree.module), width)
    for function in functions:
        add_function(draft, function)
    if draft.failed:
        return Rewritten(None, frozenset(draft.failed), tuple(draft.problems))
    for twin in twins:
        import_beside_old(draft, twin)
    try:
        module = carry_out(draft)
    except cst.CSTValidationError as error:
        return _given_up(source, functions, "U600", f"the rewritten source is not Python: {error}")
    module = add_imports(module, draft.references.needs, setting.first_party, width)
    asked_of_it = partial(setting.elsewhere.asked_of, source.path)
    module = remove_unused(tree.module, module, asked_of_it)
    text = with_original_lines(source.text, tree.module.code, module.code)
    if text is None:
        return _given_up(source, functions, "U605", "LibCST does not keep its lines")
    try:
        text.encode(source.encoding)
    except UnicodeEncodeError as error:
        return _given_up(source, functions, "U605", f"it cannot hold the new text: {error}")
    syntax = compile_error(text, source.path)
    if syntax is not None:
        return _given_up(source, functions, "U600", _excerpt(text, syntax), syntax.lineno or 1)
    return Rewritten(text, frozenset(), tuple(draft.problems))


def _given_up(
    source: Source, functions: Sequence[FunctionPlan], code: str, text: str, line: int = 1
) -> Rewritten:
    ids = frozenset(function.function for function in functions)
    problem = Problem(code, text, Place(source.path, line, 0, line, 0))
    return Rewritten(None, ids, (problem,))


def compile_error(text: str, path: str) -> SyntaxError | None:
    """Why Python does not compile `text`; None where it does."""
    try:
        compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except ValueError as error:
        return SyntaxError(str(error))
    return None


def _excerpt(text: str, error: SyntaxError) -> str:
    """The error, and the lines around it."""
    lines = text.splitlines()
    line = error.lineno or 1
    around = "\n".join(lines[max(line - 3, 0) : line + 2])
    return f"the rewritten source does not compile: {error.msg}\n{around}"
