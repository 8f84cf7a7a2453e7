"""Reading statements into steps, in order, following each way that the code can go."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from django.db.transaction import Atomic

from unblocker.records.survey import (
    Block,
    BlockKind,
    Operation,
    Step,
)
from unblocker.survey.assignment import assign
from unblocker.survey.calls import call
from unblocker.survey.deciding import decided
from unblocker.survey.early import begun_early
from unblocker.survey.effects import elements, truth
from unblocker.survey.environment import meet_all
from unblocker.survey.expressions import evaluate
from unblocker.survey.guards import outcome, settled_by
from unblocker.survey.loops import read_parts, read_rounds, told_apart
from unblocker.survey.operations import NOWHERE
from unblocker.survey.querysets import Arguments
from unblocker.survey.raising import can_raise, observing
from unblocker.survey.replacing import replace
from unblocker.survey.seen import Record
from unblocker.survey.sharing import origins
from unblocker.survey.simple_statements import (
    Reading,
    read_annotated,
    read_assert,
    read_assignment,
    read_augmented,
    read_break,
    read_definition,
    read_delete,
    read_expression,
    read_global,
    read_import,
    read_other,
    read_pass,
    read_raise,
    read_return,
    target_names,
)
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Inert,
    Instance,
    Mapping,
    Method,
    Object,
    QuerySet,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from unblocker.survey.frame import Frame

_MAY_BE_TRANSPARENT = frozenset({"assign", "expression", "define", "other"})
_SIMPLE = frozenset({"assign", "expression", "return"})


def read_block(frame: Frame, kind: BlockKind, body: Sequence[ast.stmt]) -> Block:
    """The steps of a block; of a library's, those up to where it surely ends."""
    steps = []
    for statement in body:
        if frame.is_library and frame.env.ended:
            break
        steps.append(read_step(frame, statement))
    return Block(kind, tuple(steps))


def read_step(frame: Frame, node: ast.stmt) -> Step:
    """One statement as a step; the frame's environment is that behind it afterwards."""
    outer = frame.record
    frame.record = record = Record(scope=outer.scope, discarded=outer.discarded)
    reading: Reading = _READERS.get(type(node), read_other)(frame, node)
    frame.record = outer
    frame.outcome.transparent &= record.transparent and not reading.blocks
    if frame.is_library:
        return _unwritten(reading, record)
    place = frame.source.place(node)
    if frame.world.notes is not None:
        frame.world.notes.bound(frame, place, reading.binds)
    return Step(
        id=f"{place.line}:{place.column}",
        place=place,
        kind=reading.kind,
        text=frame.source.lines[place.line - 1].strip(),
        binds=reading.binds,
        uses=_uses(frame, reading, record),
        mutates=tuple(record.mutates),
        operations=tuple(_operations(frame, reading, record)),
        lazy=tuple(record.lazy.values()),
        effects=tuple(record.effects),
        transparent=record.transparent and reading.kind in _MAY_BE_TRANSPARENT,
        atomic=record.atomic,
        blocks=reading.blocks,
    )


def _unwritten(reading: Reading, record: Record) -> Step:
    """A step of a library's: only what it does counts, as nothing will be written there."""
    operations = tuple(record.operations.values())
    return Step(
        "",
        NOWHERE,
        reading.kind,
        "",
        operations=operations,
        atomic=record.atomic,
        blocks=reading.blocks,
    )


def _uses(frame: Frame, reading: Reading, record: Record) -> tuple[str, ...]:
    """The locals that the header reads, then what it relies on that an earlier step has fetched."""
    names = dict.fromkeys(name for part in reading.header for name in frame.used(part))
    names.update(dict.fromkeys(name for name in record.relies if name not in record.mutates))
    return tuple(names)


def _operations(frame: Frame, reading: Reading, record: Record) -> Iterator[Operation]:
    """The operations with what only the statement knows of them: whether one is its whole value."""
    whole = frame.source.place(reading.value) if reading.value is not None else None
    early = _early(frame, reading, record)
    for operation in record.operations.values():
        is_value = operation.place == whole
        yield replace(
            operation,
            early=early.get(operation.id, ""),
            reads=tuple(sorted({*operation.reads, *record.shared})),
            whole=is_value and reading.is_single,
            value_used=not (is_value and reading.kind == "expression"),
        )


def _early(frame: Frame, reading: Reading, record: Record) -> dict[str, str]:
    """The operations inside the statement's value that may begin ahead of it, unless it does more than to read."""
    if reading.value is None or reading.kind not in _SIMPLE or record.effects:
        return {}
    return begun_early(frame.source, reading.value, record.operations.values(), frame.locals)


def _if(frame: Frame, node: ast.If) -> Reading:
    way = decided(frame, node.test)
    if way is not None:
        return Reading(
            "other", blocks=(read_block(frame, "body", node.body if way else node.orelse),)
        )
    test = evaluate(frame, node.test)
    truth(frame, node.test, test)
    holds = outcome(frame, node.test, test)
    before = frame.env
    frame.env = before.copy()
    frame.env.dead |= holds is False
    frame.env.fetched |= frame.passed.get((node.test, True), frozenset())
    body = read_block(frame, "body", node.body)
    after_body, frame.env = frame.env, before.copy()
    frame.env.dead |= holds is True
    frame.env.fetched |= frame.passed.get((node.test, False), frozenset())
    blocks: tuple[Block, ...] = (body,)
    if node.orelse:
        blocks = (body, read_block(frame, "orelse", node.orelse))
    elif after_body.ended:
        frame.env.settled |= settled_by(frame, node.test, outcome=False)
    taken = after_body if holds else frame.env
    if holds is None or frame.role is None or taken.ended:
        taken = after_body.meet(frame.env)
    frame.env = taken
    return Reading("if", header=(node.test,), blocks=blocks)


def _for(frame: Frame, node: ast.For | ast.AsyncFor) -> Reading:
    value = evaluate(frame, node.iter)
    element = elements(frame, node.iter, value)
    frame.opaque()
    shared = origins(frame, node.iter, element)

    def start(item: Value) -> None:
        assign(frame, node.target, item, shared)

    parts = told_apart(frame, value)
    if parts:
        body = read_parts(frame, node.body, [partial(start, part) for part in parts])
    else:
        body = read_rounds(frame, node.body, partial(start, element))
    blocks = [body]
    if node.orelse:
        blocks.append(read_block(frame, "orelse", node.orelse))
    return Reading(
        "for", binds=target_names(frame, [node.target]), header=(node.iter,), blocks=tuple(blocks)
    )


def _while(frame: Frame, node: ast.While) -> Reading:
    def test() -> None:
        truth(frame, node.test, evaluate(frame, node.test))

    frame.opaque()
    body = read_rounds(frame, node.body, test)
    blocks = [body]
    if node.orelse:
        blocks.append(read_block(frame, "orelse", node.orelse))
    return Reading("while", header=(node.test,), blocks=tuple(blocks))


def _try(frame: Frame, node: ast.Try | ast.TryStar) -> Reading:
    frame.opaque()
    before = frame.env.copy()
    with observing(frame, node.handlers) as observed:
        body = read_block(frame, "body", node.body)
    broken = frame.env.torn(before)
    broken.dead |= not can_raise(node.body, observed)
    blocks = [body]
    if node.orelse:
        blocks.append(read_block(frame, "orelse", node.orelse))
    ways = [frame.env]
    names: list[str] = []
    header: list[ast.AST] = []
    for handler in node.handlers:
        frame.env = broken.copy()
        blocks.append(_handler(frame, handler, names, header))
        ways.append(frame.env)
    frame.env = meet_all(ways)
    if node.finalbody:
        ended, frame.env.ended = frame.env.ended, False
        blocks.append(read_block(frame, "finally", node.finalbody))
        frame.env.ended = frame.env.ended or ended
    return Reading(
        "try", binds=tuple(dict.fromkeys(names)), header=tuple(header), blocks=tuple(blocks)
    )


def _handler(
    frame: Frame, handler: ast.ExceptHandler, names: list[str], header: list[ast.AST]
) -> Block:
    if handler.type is not None:
        evaluate(frame, handler.type)
        header.append(handler.type)
    if handler.name:
        frame.bind(handler.name, INERT)
        names.append(handler.name)
    return read_block(frame, "handler", handler.body)


def _with(frame: Frame, node: ast.With | ast.AsyncWith) -> Reading:
    frame.opaque()
    header: list[ast.AST] = []
    names: list[str] = []
    for item in node.items:
        header.append(item.context_expr)
        value = evaluate(frame, item.context_expr)
        _enter(frame, item.context_expr, value)
        if item.optional_vars is not None:
            assign(frame, item.optional_vars, _entered(value))
            names += target_names(frame, [item.optional_vars])
    before = frame.env.copy()
    body = read_block(frame, "body", node.body)
    if not frame.record.atomic:
        frame.env = frame.env.meet(frame.env.torn(before))
    return Reading("with", binds=tuple(names), header=tuple(header), blocks=(body,))


def _enter(frame: Frame, node: ast.expr, value: Value) -> None:
    """Into a context manager and, at its end, out of it."""
    if not isinstance(value, Object):
        return
    frame.record.atomic |= value.identity == "atomic" or issubclass(value.cls, Atomic)
    for name in ("__enter__", "__exit__"):
        known = frame.world.index.method(value.cls, name)
        is_followed = frame.world.owns(value.cls) and hasattr(value.cls, name)
        if is_followed or (known is not None and known.name):
            with frame.implied():
                call(frame, node, Method(value, name), Arguments((), {}, open=True))


def _entered(value: Value) -> Value:
    """What `with … as` gives: most context managers give themselves."""
    return value if isinstance(value, Object | Inert | Instance | QuerySet | Mapping) else UNKNOWN


def _match(frame: Frame, node: ast.Match) -> Reading:
    frame.opaque()
    evaluate(frame, node.subject)
    before, ways, blocks = frame.env, [frame.env.copy()], []
    for case in node.cases:
        frame.env = before.copy()
        for name in _captured(case.pattern):
            frame.bind(name, UNKNOWN)
        if case.guard is not None:
            with frame.perhaps():
                truth(frame, case.guard, evaluate(frame, case.guard))
        blocks.append(read_block(frame, "case", case.body))
        ways.append(frame.env)
    frame.env = meet_all(ways)
    captured = (name for case in node.cases for name in _captured(case.pattern))
    guards = [case.guard for case in node.cases if case.guard is not None]
    return Reading(
        "match",
        binds=tuple(dict.fromkeys(captured)),
        header=(node.subject, *guards),
        blocks=tuple(blocks),
    )


def _captured(pattern: ast.pattern) -> list[str]:
    found = []
    for inner in ast.walk(pattern):
        match inner:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.append(name)
            case ast.MatchMapping(rest=str(name)):
                found.append(name)
    return found


_READERS: dict[type[ast.stmt], Callable[..., Reading]] = {
    ast.Expr: read_expression,
    ast.Assign: read_assignment,
    ast.AnnAssign: read_annotated,
    ast.AugAssign: read_augmented,
    ast.Return: read_return,
    ast.Raise: read_raise,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.Break: read_break,
    ast.Continue: read_break,
    ast.FunctionDef: read_definition,
    ast.AsyncFunctionDef: read_definition,
    ast.ClassDef: read_definition,
    ast.Import: read_import,
    ast.ImportFrom: read_import,
    ast.Assert: read_assert,
    ast.Delete: read_delete,
    ast.Pass: read_pass,
    ast.Global: read_global,
    ast.Nonlocal: read_global,
}
