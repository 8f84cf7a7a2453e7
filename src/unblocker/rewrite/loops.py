"""Loops over independent calls that become concurrent: `async for x, answer in overlap(ask, xs, limit=…)`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import override

import libcst as cst

from unblocker.records.plan import FunctionPlan, Loop
from unblocker.rewrite.awaits import add_await, asynchronous_callee, awaited
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import (
    BLANK,
    Argument,
    Layout,
    code_of,
    enclosed,
)
from unblocker.rewrite.legality import is_outermost_source, needs_parentheses, why_not_awaitable
from unblocker.rewrite.local_functions import coroutine_function
from unblocker.rewrite.names import bound_names, free_name, loaded_names, target_names
from unblocker.rewrite.quiet import is_quiet
from unblocker.rewrite.statements import (
    assigned_target,
    assigned_value,
    blank_lines_above,
    leading_lines,
    small_statement,
    with_blank_lines,
)
from unblocker.rewrite.wrapping import broken_arguments, wrapped

CONDITIONAL = (cst.If, cst.IfExp, cst.BooleanOperation, cst.MatchCase, cst.ExceptHandler)


def add_loop(draft: Draft, function: FunctionPlan, definition: cst.FunctionDef, loop: Loop) -> None:
    """Let `draft` ask ahead in the loop; where that can't be written, its call is awaited in its place."""
    statement = draft.tree.statement_at(loop.step)
    call = draft.tree.expression_at(loop.operation.place)
    if not isinstance(statement, cst.For) or not isinstance(call, cst.Call):
        text = "the plan has a loop around a call here, the source has none"
        draft.fail(function.function, "U601", text, loop.operation.place)
        return
    feeding = _feeding_statements(draft, statement, call)
    why = (
        why_not_awaitable(draft.tree, call, definition, is_async=function.is_async)
        or ("" if target_names(statement.target) else "its target is not a name")
        or _why_not_once(draft, statement, call)
        or (feeding if isinstance(feeding, str) else "")
    )
    if why or isinstance(feeding, str):
        text = f"the calls of this loop stay one after the other: {why}"
        draft.problem("U604", text, draft.tree.place_of(statement))
        add_await(draft, function, definition, loop.operation)
        return
    taken = draft.taken_in(definition)
    ask, answer, item = (free_name(name, taken) for name in ("ask", "answer", "item"))
    taken |= {ask, answer, item}
    callee = asynchronous_callee(draft, loop.operation, call)
    block = draft.block_of(statement)
    weaving = _Weaving(
        draft, loop, statement, feeding, _Names(ask, answer, item), draft.layout_in(block)
    )
    parenthesised = needs_parentheses(draft.tree, call)

    def edit(node: cst.CSTNode) -> cst.CSTNode:
        updated = cst.ensure_type(node, cst.Call)
        weaving.asked.append(updated.with_changes(func=callee(updated.func)))
        return awaited(cst.Name(answer), parenthesised=parenthesised)

    draft.on(call, edit)
    draft.in_block(block, weaving)
    _drop_unused(draft, definition, statement, call, feeding)


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


def _feeding_statements(
    draft: Draft, loop: cst.For, call: cst.Call
) -> tuple[cst.BaseStatement, ...] | str:
    """The assignments at the start of the body that the call's arguments need; or why it can't be made ahead."""
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
        if not isinstance(assigned_target(statement), cst.Name) or value is None:
            return f"{min(names)} is worked out in the loop before the call"
        if not is_quiet(value, draft.references):
            return f"{min(names)} is worked out in the loop before the call"
        feeding.insert(0, line)
        wanted |= loaded_names(value) - target_names(loop.target)
    bound_elsewhere = bound_names([loop.body], skip=frozenset(feeding)) & wanted
    if bound_elsewhere or target_names(loop.target) & bound_names([loop.body]):
        name = min(bound_elsewhere or target_names(loop.target))
        return f"{name} changes while the loop runs"
    return tuple(feeding)


def _drop_unused(
    draft: Draft,
    definition: cst.FunctionDef,
    loop: cst.For,
    call: cst.Call,
    feeding: Sequence[cst.BaseStatement],
) -> None:
    """Take the statements that only fed the call out of the loop's body; the call has them with it."""
    elsewhere = loaded_names(definition.body, skip=frozenset({call, *feeding}))
    moved = {small_statement(line) for line in feeding if not bound_names([line]) & elsewhere}

    def weave(items: Sequence[Item]) -> Sequence[Item]:
        kept = [item for item in items if item.original is None or item.original not in moved]
        return [Item(kept[0].original, with_blank_lines(kept[0].node, ())), *kept[1:]]

    if moved:
        draft.in_block(loop.body, weave)


@dataclass(frozen=True, slots=True)
class _Names:
    """The new locals: the coroutine function, its result in the loop, its parameter where the target is a tuple."""

    ask: str
    answer: str
    item: str


@dataclass(frozen=True, slots=True)
class _Weaving:
    """One loop on its way into its block; `asked` takes the asynchronous call when the walk comes past it."""

    draft: Draft
    loop: Loop
    statement: cst.For
    feeding: Sequence[cst.BaseStatement]
    names: _Names
    layout: Layout
    asked: list[cst.Call] = field(default_factory=list)

    def __call__(self, items: Sequence[Item]) -> Sequence[Item]:
        woven: list[Item] = []
        for item in items:
            if item.original is self.statement:
                old = cst.ensure_type(item.node, cst.For)
                blank = blank_lines_above(old) or [BLANK]
                ask = with_blank_lines(self._ask(), blank if woven else ())
                woven += [Item(None, ask), Item(self.statement, self._loop(old))]
            else:
                woven.append(item)
        return woven

    def _ask(self) -> cst.FunctionDef:
        target = self.statement.target
        body: list[cst.BaseStatement] = [with_blank_lines(line, ()) for line in self.feeding]
        if isinstance(target, cst.Name):
            parameter = target.value
        else:
            parameter = self.names.item
            unpack = cst.Assign([cst.AssignTarget(target)], cst.Name(parameter))
            body.insert(0, cst.SimpleStatementLine([unpack]))
        call = self.asked[-1]
        awaits = cst.Await(call.with_changes(lpar=(), rpar=()), lpar=call.lpar, rpar=call.rpar)
        result = cst.SimpleStatementLine([cst.Return(awaits)])
        body.append(wrapped(result, self.layout.deeper()))
        return coroutine_function(self.names.ask, [parameter], body, self.layout.step)

    def _loop(self, old: cst.For) -> cst.For:
        target = cst.Tuple(
            [cst.Element(enclosed(old.target)), cst.Element(cst.Name(self.names.answer))],
            lpar=(),
            rpar=(),
        )
        comments = leading_lines(old)[len(blank_lines_above(old)) :]
        note = self.layout.comment(self.loop.note) if self.loop.note else []
        return old.with_changes(
            asynchronous=cst.Asynchronous(),
            target=target,
            whitespace_after_for=cst.SimpleWhitespace(" "),
            whitespace_before_in=cst.SimpleWhitespace(" "),
            whitespace_after_in=cst.SimpleWhitespace(" "),
            iter=self._overlap(target, enclosed(old.iter)),
            leading_lines=[BLANK, *comments, *note],
        )

    def _overlap(self, target: cst.BaseExpression, items: cst.BaseExpression) -> cst.Call:
        func = self.draft.references.name("django_unblock.overlap")
        arguments = [
            Argument(cst.Name(self.names.ask)),
            Argument(items),
            Argument(cst.Integer(str(self.loop.limit)), keyword="limit"),
        ]
        call = cst.Call(func, [argument.arg() for argument in arguments])
        header = f"async for {code_of(target)} in {code_of(call)}:"
        if "\n" not in header and len(header) > self.layout.room:
            return call.with_changes(**broken_arguments(call, self.layout))
        return call
