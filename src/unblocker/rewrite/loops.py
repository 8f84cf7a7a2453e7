"""Loops over independent calls that become concurrent: `async for x, answer in overlap(ask, xs, limit=…)`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from unblocker.records.plan import FunctionPlan, Loop
from unblocker.rewrite.ahead import NotAheadError, feeding_statements
from unblocker.rewrite.awaits import add_await, asynchronous_callee, awaited
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import (
    BLANK,
    Argument,
    Layout,
    code_of,
    enclosed,
)
from unblocker.rewrite.legality import needs_parentheses, why_not_awaitable
from unblocker.rewrite.local_functions import coroutine_function
from unblocker.rewrite.names import bound_names, free_name, loaded_names
from unblocker.rewrite.statements import (
    blank_lines_above,
    leading_lines,
    small_statement,
    with_blank_lines,
)
from unblocker.rewrite.wrapping import broken_arguments, wrapped


def add_loop(draft: Draft, function: FunctionPlan, definition: cst.FunctionDef, loop: Loop) -> None:
    """Let `draft` ask ahead in the loop; where that can't be written, its call is awaited in its place."""
    statement = draft.tree.statement_at(loop.step)
    call = draft.tree.expression_at(loop.operation.place)
    if not isinstance(statement, cst.For) or not isinstance(call, cst.Call):
        text = "the plan has a loop around a call here, the source has none"
        draft.fail(function.function, "U601", text, loop.operation.place)
        return
    found = _Found(loop, definition, statement, call)
    obstacle = why_not_awaitable(draft.tree, call, definition, is_async=function.is_async)
    try:
        feeding = feeding_statements(draft, statement, call)
    except NotAheadError as error:
        obstacle = obstacle or str(error)
    if not obstacle:
        _ask_ahead(draft, found, feeding)
        return
    text = f"the calls of this loop stay one after the other: {obstacle}"
    draft.problem("U604", text, draft.tree.place_of(statement))
    add_await(draft, function, definition, loop.operation)


@dataclass(frozen=True, slots=True)
class _Found:
    """A planned loop and what it names in the source."""

    plan: Loop
    definition: cst.FunctionDef
    statement: cst.For
    call: cst.Call


def _ask_ahead(draft: Draft, loop: _Found, feeding: Sequence[cst.BaseStatement]) -> None:
    taken = draft.taken_in(loop.definition)
    names = _Names(*(free_name(name, taken) for name in ("ask", "answer", "item")))
    taken |= {names.ask, names.answer, names.item}
    block = draft.block_of(loop.statement)
    weaving = _Weaving(draft, loop, feeding, names, draft.layout_in(block))
    callee = asynchronous_callee(draft, loop.plan.operation, loop.call)
    parenthesised = needs_parentheses(draft.tree, loop.call)

    def edit(node: cst.CSTNode) -> cst.CSTNode:
        updated = cst.ensure_type(node, cst.Call)
        weaving.asked.append(updated.with_changes(func=callee(updated.func)))
        return awaited(cst.Name(names.answer), parenthesised=parenthesised)

    draft.on(loop.call, edit)
    draft.in_block(block, weaving)
    _drop_unused(draft, loop, feeding)


def _drop_unused(draft: Draft, loop: _Found, feeding: Sequence[cst.BaseStatement]) -> None:
    """Take the statements that only fed the call out of the loop's body; the call has them with it."""
    elsewhere = loaded_names(loop.definition.body, skip=frozenset({loop.call, *feeding}))
    moved = {small_statement(line) for line in feeding if not bound_names([line]) & elsewhere}

    def weave(items: Sequence[Item]) -> Sequence[Item]:
        kept = [item for item in items if item.original is None or item.original not in moved]
        return [Item(kept[0].original, with_blank_lines(kept[0].node, ())), *kept[1:]]

    if moved:
        draft.in_block(loop.statement.body, weave)


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
    loop: _Found
    feeding: Sequence[cst.BaseStatement]
    names: _Names
    layout: Layout
    asked: list[cst.Call] = field(default_factory=list)

    def __call__(self, items: Sequence[Item]) -> Sequence[Item]:
        woven: list[Item] = []
        for item in items:
            if item.original is self.loop.statement:
                old = cst.ensure_type(item.node, cst.For)
                blank = blank_lines_above(old) or [BLANK]
                ask = with_blank_lines(self._ask(), blank if woven else ())
                woven += [Item(None, ask), Item(self.loop.statement, self._loop(old))]
            else:
                woven.append(item)
        return woven

    def _ask(self) -> cst.FunctionDef:
        target = self.loop.statement.target
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
        note = self.layout.comment(self.loop.plan.note) if self.loop.plan.note else []
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
            Argument(cst.Integer(str(self.loop.plan.limit)), keyword="limit"),
        ]
        call = cst.Call(func, [argument.arg() for argument in arguments])
        header = f"async for {code_of(target)} in {code_of(call)}:"
        if "\n" not in header and len(header) > self.layout.room:
            return call.with_changes(**broken_arguments(call, self.layout))
        return call
