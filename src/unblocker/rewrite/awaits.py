"""Calls that become awaited, or go to the background."""

from collections.abc import Callable

import libcst as cst

from unblocker.records.plan import Await, Form, FunctionPlan
from unblocker.rewrite.draft import Draft
from unblocker.rewrite.legality import needs_parentheses, why_not_awaitable
from unblocker.rewrite.twins import twin_callee

WRAPPERS: dict[Form, str] = {
    "unblock": "django_unblock.unblock",
    "offload": "django_unblock.offload",
    "background": "django_unblock.background",
}

type Callee = Callable[[cst.BaseExpression], cst.BaseExpression]


def add_awaits(draft: Draft, function: FunctionPlan, definition: cst.FunctionDef) -> None:
    """Give `draft` the edits of the function's awaits; a call that can't be awaited stays, and is reported."""
    for item in function.awaits:
        add_await(draft, function, definition, item)


def add_await(
    draft: Draft, function: FunctionPlan, definition: cst.FunctionDef, item: Await
) -> None:
    """Give `draft` the edit of one call, unless it has one already."""
    call = draft.tree.expression_at(item.place)
    if not isinstance(call, cst.Call):
        text = "the plan has a call here, the source has none"
        draft.fail(function.function, "U601", text, item.place)
        return
    if call in draft.edits:
        return
    if item.form == "background":
        draft.on(call, _into_background(draft, item, call))
        return
    obstacle = why_not_awaitable(draft.tree, call, definition, is_async=function.is_async)
    if not obstacle and item.form == "method" and not isinstance(call.func, cst.Attribute):
        obstacle = "it does not name a method"
    if obstacle:
        draft.problem("U602", f"this call stays synchronous: {obstacle}", item.place)
        return
    callee = asynchronous_callee(draft, item, call)
    parenthesised = needs_parentheses(draft.tree, call)

    def edit(node: cst.CSTNode) -> cst.CSTNode:
        updated = cst.ensure_type(node, cst.Call)
        return awaited(updated.with_changes(func=callee(updated.func)), parenthesised=parenthesised)

    draft.awaited.add(call)
    draft.on(call, edit)


def asynchronous_callee(draft: Draft, item: Await, call: cst.Call) -> Callee:
    """What stands before the call's arguments once it is asynchronous, given what stands there now."""
    if item.form == "method":
        return lambda func: cst.ensure_type(func, cst.Attribute).with_changes(
            attr=cst.Name(item.name)
        )
    if item.form == "twin":
        return twin_callee(draft, call, item.name)
    if item.form == "function":
        return always(draft.references.name(item.name, instead_of=call.func))
    wrapper = draft.references.name(WRAPPERS[item.form])
    return lambda func: cst.Call(wrapper, (cst.Arg(func),))


def always[T](new: T) -> Callable[[object], T]:
    """An edit that puts `new` in the place of whatever stands there."""
    return lambda _: new


def awaited(call: cst.BaseExpression, *, parenthesised: bool) -> cst.Await:
    """`await call`, which takes over the call's own parentheses."""
    left, right = call.lpar, call.rpar
    if parenthesised and not left:
        left, right = (cst.LeftParen(),), (cst.RightParen(),)
    return cst.Await(call.with_changes(lpar=(), rpar=()), lpar=left, rpar=right)


def _into_background(
    draft: Draft, item: Await, original: cst.Call
) -> Callable[[cst.CSTNode], cst.CSTNode]:
    """The edit by which `f(…)` becomes `background(f, …)`, laid out as the call was."""
    callee = twin_callee(draft, original, item.name)
    background = draft.references.name(WRAPPERS["background"])

    def edit(node: cst.CSTNode) -> cst.CSTNode:
        call = cst.ensure_type(node, cst.Call)
        first = cst.Arg(callee(call.func))
        if call.args:
            first = first.with_changes(comma=cst.Comma(whitespace_after=_space_before(call)))
        return call.with_changes(
            func=background, args=(first, *(_with_own_parentheses(arg) for arg in call.args))
        )

    return edit


def _space_before(call: cst.Call) -> cst.BaseParenthesizableWhitespace:
    """The line break before the first argument, where there is one, for the one behind it."""
    space = call.whitespace_before_args
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())
    return cst.SimpleWhitespace(" ")


def _with_own_parentheses(arg: cst.Arg) -> cst.Arg:
    """A lone generator expression shares the call's parentheses; beside another argument it needs its own."""
    value = arg.value
    if isinstance(value, cst.GeneratorExp) and not value.lpar:
        value = value.with_changes(lpar=(cst.LeftParen(),), rpar=(cst.RightParen(),))
    return arg.with_changes(value=value)
