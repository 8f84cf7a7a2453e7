"""Statements that hold no others."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.records.survey import Block, LazyQuery, Location, StepKind
from unblocker.survey import imports
from unblocker.survey.assignment import assign
from unblocker.survey.closures import leaving
from unblocker.survey.effects import truth
from unblocker.survey.expressions import evaluate
from unblocker.survey.harmless import module_of
from unblocker.survey.joining import join
from unblocker.survey.names import bound_names
from unblocker.survey.replacing import replace
from unblocker.survey.sharing import origins
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Deferred,
    Inert,
    Live,
    QuerySet,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unblocker.survey.frame import Frame

_GUARDS = frozenset({"django.http.response.Http404", "django.core.exceptions.PermissionDenied"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement is, besides what its expressions were seen to do.

    Attributes:
        binds: locals that its own header binds.
        header: its own expressions and targets, the blocks' left out.
        value: the expression whose value it is about, where there is one.
        is_single: all that becomes of the value is that it is bound to one name, returned, or dropped.
    """

    kind: StepKind
    binds: tuple[str, ...] = ()
    header: tuple[ast.AST, ...] = ()
    blocks: tuple[Block, ...] = ()
    value: ast.expr | None = None
    is_single: bool = False


def read_expression(frame: Frame, node: ast.Expr) -> Reading:
    """A call, or another expression on its own."""
    evaluate(frame, node.value)
    return Reading("expression", header=(node.value,), value=node.value, is_single=True)


def read_assignment(frame: Frame, node: ast.Assign) -> Reading:
    """`a = b = value`."""
    value = evaluate(frame, node.value)
    shared = origins(frame, node.value, value)
    for target in node.targets:
        assign(frame, target, value, shared)
        _note_lazy(frame, target, node.value, value)
    names = target_names(frame, node.targets)
    stored = [target for target in node.targets if not isinstance(target, ast.Name)]
    return Reading(
        "assign",
        binds=names,
        header=(node.value, *stored),
        value=node.value,
        is_single=len(node.targets) == 1 and not stored,
    )


def _note_lazy(frame: Frame, target: ast.expr, node: ast.expr, value: Value) -> None:
    if not isinstance(target, ast.Name) or frame.record.discarded:
        return
    if (
        isinstance(value, QuerySet)
        and not value.evaluated
        and value.identity not in frame.env.fetched
    ):
        place = frame.source.place(node)
        frame.record.lazy[target.id] = LazyQuery(target.id, place, tuple(sorted(value.tables)))


def target_names(frame: Frame, targets: Sequence[ast.expr]) -> tuple[str, ...]:
    """The locals that these targets bind, in order."""
    found: dict[str, None] = {}
    for target in targets:
        for inner in (target,) if isinstance(target, ast.Name) else ast.walk(target):
            if (
                isinstance(inner, ast.Name)
                and isinstance(inner.ctx, ast.Store)
                and inner.id in frame.locals
            ):
                found[inner.id] = None
    return tuple(found)


def read_annotated(frame: Frame, node: ast.AnnAssign) -> Reading:
    """`a: int = value`."""
    if node.value is None:
        return Reading("other")
    value = evaluate(frame, node.value)
    assign(frame, node.target, value, origins(frame, node.value, value))
    _note_lazy(frame, node.target, node.value, value)
    extra = () if isinstance(node.target, ast.Name) else (node.target,)
    return Reading(
        "assign",
        binds=target_names(frame, [node.target]),
        header=(node.value, *extra),
        value=node.value,
        is_single=not extra,
    )


def read_augmented(frame: Frame, node: ast.AugAssign) -> Reading:
    """`a += value`."""
    operand = _as_load(node.target)
    together = ast.copy_location(ast.BinOp(operand, node.op, node.value), node)
    value = evaluate(frame, together)
    frame.opaque()
    if not isinstance(value, Inert):
        frame.mutate(node.target)
    assign(frame, node.target, value)
    return Reading("assign", binds=target_names(frame, [node.target]), header=(operand, node.value))


def _as_load(node: ast.expr) -> ast.expr:
    """The target, read instead of stored."""
    match node:
        case ast.Name(id=name):
            loaded: ast.expr = ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=name):
            loaded = ast.Attribute(value, name, ast.Load())
        case ast.Subscript(value=value, slice=key):
            loaded = ast.Subscript(value, key, ast.Load())
        case _:
            return node
    return ast.copy_location(loaded, node)


def read_return(frame: Frame, node: ast.Return) -> Reading:
    """`return value`."""
    value = evaluate(frame, node.value) if node.value is not None else INERT
    if isinstance(value, QuerySet) and value.identity in frame.env.fetched:
        value = replace(value, evaluated=True)
    value = leaving(frame, value)
    if not frame.env.dead:
        frame.outcome.returns = join(frame.outcome.returns, value)
    _end(frame)
    header = (node.value,) if node.value is not None else ()
    return Reading("return", header=header, value=node.value, is_single=True)


def _end(frame: Frame) -> None:
    """The function ends here: what was fetched on the way is what its caller can count on."""
    frame.exits.append(frame.env.copy())
    frame.env.ended = True


def read_raise(frame: Frame, node: ast.Raise) -> Reading:
    """`raise error from cause`."""
    frame.opaque()
    if node.exc is not None:
        evaluate(frame, node.exc)
        name = _exception_name(frame, node.exc)
        if name:
            frame.outcome.raises[name] = None
            frame.outcome.guard |= name in _GUARDS
    if node.cause is not None:
        evaluate(frame, node.cause)
    frame.env.ended = True
    header = tuple(part for part in (node.exc, node.cause) if part is not None)
    return Reading("raise", header=header)


def _exception_name(frame: Frame, node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    with frame.unseen():
        value = evaluate(frame, target)
    if isinstance(value, Live) and isinstance(value.target, type):
        return f"{value.target.__module__}.{value.target.__qualname__}"
    return ""


def read_break(frame: Frame, node: ast.stmt) -> Reading:
    """`break` and `continue`."""
    frame.opaque()
    frame.jumps.append(frame.env.copy())
    frame.env.ended = True
    return Reading("break" if isinstance(node, ast.Break) else "continue")


def read_definition(
    frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> Reading:
    """A function or class that is defined in the function."""
    value: Value = UNKNOWN if isinstance(node, ast.ClassDef) else Deferred(node, frame.home)
    for decorator in node.decorator_list:
        if _moves_elsewhere(evaluate(frame, decorator)):
            value = UNKNOWN
        frame.opaque()
    frame.bind(node.name, value)
    if isinstance(node, ast.ClassDef):
        frame.opaque()
    return Reading("define", binds=(node.name,), header=(node,))


def _moves_elsewhere(decorator: Value) -> bool:
    """Whether a call of what is decorated may not run it here: `sync_to_async` sends it to a thread."""
    if not isinstance(decorator, Live):
        return isinstance(decorator, Unknown)
    return module_of(decorator.target).startswith(("asgiref.", "channels."))


def read_import(frame: Frame, node: ast.Import | ast.ImportFrom) -> Reading:
    """An import inside the function."""
    frame.opaque()
    names = []
    for name, value in imports.bindings(frame, node):
        frame.bind(name, value)
        names.append(name)
    return Reading("other", binds=tuple(names))


def read_assert(frame: Frame, node: ast.Assert) -> Reading:
    """`assert test`."""
    frame.opaque()
    truth(frame, node.test, evaluate(frame, node.test))
    return Reading("other", header=(node.test,))


def read_delete(frame: Frame, node: ast.Delete) -> Reading:
    """`del a.b`."""
    frame.opaque()
    for target in node.targets:
        if not isinstance(target, ast.Name):
            evaluate(frame, _as_load(target))
        frame.mutate(target)
    return Reading("other", header=tuple(node.targets))


def read_pass(frame: Frame, node: ast.stmt) -> Reading:
    """`pass`."""
    del frame, node
    return Reading("other")


def read_global(frame: Frame, node: ast.Global | ast.Nonlocal) -> Reading:
    """`global a`: from here on the name is the module's."""
    for name in node.names:
        frame.touch(Location("global", frame.global_name(name)))
    return Reading("other")


def read_other(frame: Frame, node: ast.stmt) -> Reading:
    """A statement that is not understood."""
    frame.opaque()
    names = tuple(name for name in bound_names(node) if name in frame.locals)
    for name in names:
        frame.mutate(ast.copy_location(ast.Name(name, ast.Load()), node))
    return Reading("other", binds=names, header=(node,))
