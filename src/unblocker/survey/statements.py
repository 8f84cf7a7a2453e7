"""Reading statements into steps, in order, following each way that the code can go."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.records.survey import (
    Block,
    BlockKind,
    LazyQuery,
    Location,
    Operation,
    Step,
    StepKind,
)
from unblocker.survey import imports
from unblocker.survey.effects import elements, truth
from unblocker.survey.environment import meet_all
from unblocker.survey.expressions import assign, evaluate
from unblocker.survey.frame import Frame, Record
from unblocker.survey.names import bound_names
from unblocker.survey.sharing import origins
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Deferred,
    Inert,
    Instance,
    Live,
    Mapping,
    Object,
    QuerySet,
    Value,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GUARDS = frozenset({"django.http.response.Http404", "django.core.exceptions.PermissionDenied"})
_LOOP_ROUNDS = 4

type Reading = tuple[
    StepKind, tuple[str, ...], tuple[ast.AST, ...], tuple[Block, ...], ast.expr | None
]


def read_block(frame: Frame, kind: BlockKind, body: Sequence[ast.stmt]) -> Block:
    """The steps of a block."""
    return Block(kind, tuple(read_step(frame, statement) for statement in body))


def read_step(frame: Frame, node: ast.stmt) -> Step:
    """One statement as a step; the frame's environment is that behind it afterwards."""
    outer, frame.record = (
        frame.record,
        Record(uncertain=0, scope=frame.record.scope, discarded=frame.record.discarded),
    )
    record = frame.record
    reader = _READERS.get(type(node), _other)
    kind, binds, header, blocks, value = reader(frame, node)
    place = frame.source.place(node)
    step = Step(
        id=f"{place.line}:{place.column}",
        place=place,
        kind=kind,
        text=frame.source.lines[place.line - 1].strip(),
        binds=binds,
        uses=_uses(frame, header, record),
        mutates=tuple(record.mutates),
        operations=_operations(frame, node, kind, binds, value, record),
        lazy=tuple(record.lazy.values()),
        renames=tuple(record.renames.values()),
        effects=tuple(record.effects),
        transparent=record.transparent
        and not blocks
        and kind in ("assign", "expression", "define", "other"),
        atomic=record.atomic,
        blocks=blocks,
    )
    frame.record = outer
    if not step.transparent and kind != "return":
        frame.outcome.transparent = False
    if kind == "return" and not record.transparent:
        frame.outcome.transparent = False
    return step


def _uses(frame: Frame, header: tuple[ast.AST, ...], record: Record) -> tuple[str, ...]:
    """The locals that the header reads, then what it relies on that an earlier step has fetched."""
    names = dict.fromkeys(name for part in header for name in frame.used(part))
    names.update(dict.fromkeys(name for name in record.relies if name not in record.mutates))
    return tuple(names)


def _operations(
    frame: Frame,
    node: ast.stmt,
    kind: StepKind,
    binds: tuple[str, ...],
    value: ast.expr | None,
    record: Record,
) -> tuple[Operation, ...]:
    """The operations with what only the statement knows of them: whether one is its whole value."""
    whole = frame.source.place(value) if value is not None else None
    single = kind in ("expression", "return") or (kind == "assign" and len(binds) == 1)
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name):
        single = False
    found = []
    for operation in record.operations.values():
        is_whole = single and operation.place == whole
        used = not (kind == "expression" and operation.place == whole)
        reads = tuple(sorted({*operation.reads, *record.shared}))
        found.append(replace(operation, whole=is_whole, value_used=used, reads=reads))
    return tuple(found)


def _expression(frame: Frame, node: ast.Expr) -> Reading:
    evaluate(frame, node.value)
    return "expression", (), (node.value,), (), node.value


def _assign(frame: Frame, node: ast.Assign) -> Reading:
    value = evaluate(frame, node.value)
    shared = origins(frame, node.value, value)
    for target in node.targets:
        assign(frame, target, value, shared)
        _note_lazy(frame, target, node.value, value)
    names = _names(frame, node.targets)
    stored = [target for target in node.targets if not isinstance(target, ast.Name)]
    return "assign", names, (node.value, *stored), (), node.value


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


def _names(frame: Frame, targets: Sequence[ast.expr]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for target in targets:
        for inner in ast.walk(target):
            if (
                isinstance(inner, ast.Name)
                and isinstance(inner.ctx, ast.Store)
                and inner.id in frame.locals
            ):
                found[inner.id] = None
    return tuple(found)


def _annotated(frame: Frame, node: ast.AnnAssign) -> Reading:
    if node.value is None:
        return "other", (), (), (), None
    value = evaluate(frame, node.value)
    assign(frame, node.target, value, origins(frame, node.value, value))
    _note_lazy(frame, node.target, node.value, value)
    extra = () if isinstance(node.target, ast.Name) else (node.target,)
    return "assign", _names(frame, [node.target]), (node.value, *extra), (), node.value


def _augmented(frame: Frame, node: ast.AugAssign) -> Reading:
    operand = _as_load(node.target)
    together = ast.copy_location(ast.BinOp(operand, node.op, node.value), node)
    value = evaluate(frame, together)
    frame.opaque()
    if not isinstance(value, Inert):
        frame.mutate(node.target)
    assign(frame, node.target, value)
    return "assign", _names(frame, [node.target]), (operand, node.value), (), None


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


def _return(frame: Frame, node: ast.Return) -> Reading:
    value = evaluate(frame, node.value) if node.value is not None else INERT
    frame.outcome.returns = join(frame.outcome.returns, value)
    _end(frame)
    header = (node.value,) if node.value is not None else ()
    return "return", (), header, (), node.value


def _end(frame: Frame) -> None:
    """The function ends here: what was fetched on the way is what its caller can count on."""
    frame.exits.append(frame.env.copy())
    frame.env.ended = True


def _raise(frame: Frame, node: ast.Raise) -> Reading:
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
    return "raise", (), header, (), None


def _exception_name(frame: Frame, node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    with frame.unseen():
        value = evaluate(frame, target)
    if isinstance(value, Live) and isinstance(value.target, type):
        return f"{value.target.__module__}.{value.target.__qualname__}"
    return ""


def _if(frame: Frame, node: ast.If) -> Reading:
    truth(frame, node.test, evaluate(frame, node.test))
    before = frame.env
    frame.env = before.copy()
    body = read_block(frame, "body", node.body)
    after_body, frame.env = frame.env, before.copy()
    blocks: tuple[Block, ...] = (body,)
    if node.orelse:
        blocks = (body, read_block(frame, "orelse", node.orelse))
    frame.env = after_body.meet(frame.env)
    return "if", (), (node.test,), blocks, None


def _for(frame: Frame, node: ast.For | ast.AsyncFor) -> Reading:
    value = evaluate(frame, node.iter)
    element = elements(frame, node.iter, value)
    frame.opaque()
    shared = origins(frame, node.iter, element)

    def start() -> None:
        assign(frame, node.target, element, shared)

    body = _loop(frame, node.body, start)
    blocks = [body]
    if node.orelse:
        blocks.append(read_block(frame, "orelse", node.orelse))
    return "for", _names(frame, [node.target]), (node.iter,), tuple(blocks), None


def _while(frame: Frame, node: ast.While) -> Reading:
    def test() -> None:
        truth(frame, node.test, evaluate(frame, node.test))

    frame.opaque()
    body = _loop(frame, node.body, test)
    blocks = [body]
    if node.orelse:
        blocks.append(read_block(frame, "orelse", node.orelse))
    return "while", (), (node.test,), tuple(blocks), None


def _loop(frame: Frame, body: Sequence[ast.stmt], start: Callable[[], None]) -> Block:
    """The loop's body, read until what it leaves behind is no news to its own beginning."""
    before = frame.env
    head = before.copy()
    for _ in range(_LOOP_ROUNDS):
        frame.env = head.copy()
        frame.env.age(before)
        start()
        block = read_block(frame, "body", body)
        after = frame.env
        after.ended = False
        new_head = head.meet(after)
        if new_head == head:
            break
        head = new_head
    frame.env = head
    return block


def _try(frame: Frame, node: ast.Try | ast.TryStar) -> Reading:
    frame.opaque()
    before = frame.env.copy()
    body = read_block(frame, "body", node.body)
    broken = frame.env.torn(before)
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
    return "try", tuple(dict.fromkeys(names)), tuple(header), tuple(blocks), None


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
        if isinstance(value, Object) and value.identity == "atomic":
            frame.record.atomic = True
        if item.optional_vars is not None:
            assign(frame, item.optional_vars, _entered(value))
            names += _names(frame, [item.optional_vars])
    before = frame.env.copy()
    body = read_block(frame, "body", node.body)
    if not frame.record.atomic:
        frame.env = frame.env.meet(frame.env.torn(before))
    return "with", tuple(names), tuple(header), (body,), None


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
    return "match", tuple(dict.fromkeys(captured)), (node.subject, *guards), tuple(blocks), None


def _captured(pattern: ast.pattern) -> list[str]:
    found = []
    for inner in ast.walk(pattern):
        match inner:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.append(name)
            case ast.MatchMapping(rest=str(name)):
                found.append(name)
    return found


def _break(frame: Frame, node: ast.stmt) -> Reading:
    frame.opaque()
    frame.env.ended = True
    return ("break" if isinstance(node, ast.Break) else "continue"), (), (), (), None


def _define(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Reading:
    for decorator in node.decorator_list:
        evaluate(frame, decorator)
        frame.opaque()
    value: Value = UNKNOWN if isinstance(node, ast.ClassDef) else Deferred(node, frame.home)
    frame.bind(node.name, value)
    if isinstance(node, ast.ClassDef):
        frame.opaque()
    return "define", (node.name,), (node,), (), None


def _import(frame: Frame, node: ast.Import | ast.ImportFrom) -> Reading:
    frame.opaque()
    names = []
    for name, value in imports.bindings(frame, node):
        frame.bind(name, value)
        names.append(name)
    return "other", tuple(names), (), (), None


def _assert(frame: Frame, node: ast.Assert) -> Reading:
    frame.opaque()
    truth(frame, node.test, evaluate(frame, node.test))
    return "other", (), (node.test,), (), None


def _delete(frame: Frame, node: ast.Delete) -> Reading:
    frame.opaque()
    for target in node.targets:
        if not isinstance(target, ast.Name):
            evaluate(frame, _as_load(target))
        frame.mutate(target)
    return "other", (), tuple(node.targets), (), None


def _pass(frame: Frame, node: ast.stmt) -> Reading:
    del frame, node
    return "other", (), (), (), None


def _global(frame: Frame, node: ast.Global | ast.Nonlocal) -> Reading:
    for name in node.names:
        frame.touch(Location("global", frame.global_name(name)))
    return "other", (), (), (), None


def _other(frame: Frame, node: ast.stmt) -> Reading:
    frame.opaque()
    names = tuple(name for name in bound_names(node) if name in frame.locals)
    for name in names:
        frame.mutate(ast.copy_location(ast.Name(name, ast.Load()), node))
    return "other", names, (node,), (), None


_READERS: dict[type[ast.stmt], Callable[..., Reading]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.Break: _break,
    ast.Continue: _break,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.ClassDef: _define,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Pass: _pass,
    ast.Global: _global,
    ast.Nonlocal: _global,
}
