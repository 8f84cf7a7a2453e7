"""Evaluating an expression to what is known of its value, in Python's order."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from unblocker.survey.attributes import attribute
from unblocker.survey.calls import call
from unblocker.survey.comprehensions import comprehension
from unblocker.survey.deciding import decided
from unblocker.survey.effects import elements, truth
from unblocker.survey.guards import outcome
from unblocker.survey.joining import join, join_all
from unblocker.survey.live import value_of
from unblocker.survey.operators import combine, compare, either, known_truth, settles, text_of
from unblocker.survey.querysets import Arguments
from unblocker.survey.sharing import origins
from unblocker.survey.subscripts import subscript
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Awaitable,
    Constant,
    Deferred,
    Expression,
    Inert,
    Items,
    Mapping,
    Never,
    Value,
    constant,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from unblocker.survey.frame import Frame

_NO_ARGUMENTS = Arguments((), {}, open=False)


def evaluate(frame: Frame, node: ast.expr) -> Value:
    """What `node` gives; what it does is put on the frame's record."""
    reader = _READERS.get(type(node))
    if reader is None:
        frame.opaque()
        return UNKNOWN
    value: Value = reader(frame, node)
    if frame.observed is not None:
        frame.observed.note(node, value)
    return value


def _constant(frame: Frame, node: ast.Constant) -> Value:
    del frame
    return (
        constant(node.value) if isinstance(node.value, str | bytes | int | float | None) else INERT
    )


def _name(frame: Frame, node: ast.Name) -> Value:
    if node.id in frame.locals:
        return frame.value(node.id)
    return _global(frame, node.id)


def _global(frame: Frame, name: str) -> Value:
    if name in frame.namespace:
        found = value_of(frame.namespace[name])
        return _as_now(found) if frame.read_global(frame.namespace, name) else found
    if hasattr(builtins, name):
        return value_of(getattr(builtins, name))
    frame.opaque()
    return UNKNOWN


def _as_now(value: Value) -> Value:
    """What functions change is not surely what it is now."""
    match value:
        case Inert():
            return INERT
        case Items(element=element):
            return Items(element if isinstance(element, Inert) else UNKNOWN)
        case Mapping(entries=entries):
            return Mapping(entries, UNKNOWN)
        case _:
            return value


def _attribute(frame: Frame, node: ast.Attribute) -> Value:
    receiver = evaluate(frame, node.value)
    return attribute(frame, node, receiver, node.attr)


def _call(frame: Frame, node: ast.Call) -> Value:
    callee = evaluate(frame, node.func)
    return call(frame, node, callee, arguments(frame, node))


def arguments(frame: Frame, node: ast.Call) -> Arguments:
    """The call's arguments, evaluated in order."""
    positional: list[Value] = []
    more: Value = NEVER
    is_open = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            spread = evaluate(frame, argument.value)
            element = elements(frame, argument.value, spread)
            if isinstance(spread, Items) and spread.parts is not None:
                positional.extend(spread.parts)
            elif isinstance(spread, Items) and isinstance(spread.element, Never):
                continue
            else:
                positional.append(element)
                more, is_open = join(more, element), True
        else:
            positional.append(evaluate(frame, argument))
    keywords: dict[str, Value] = {}
    rest = more
    for keyword in node.keywords:
        value = evaluate(frame, keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        more = INERT if isinstance(value, Inert) else UNKNOWN
        if isinstance(value, Mapping):
            keywords.update({str(key): item for key, item in value.entries})
            more = UNKNOWN if isinstance(value.rest, Expression) else value.rest
        is_open = is_open or not isinstance(more, Never)
        rest = join(rest, more)
    return Arguments(tuple(positional), keywords, is_open, rest if is_open else UNKNOWN)


def _joined(frame: Frame, node: ast.JoinedStr) -> Value:
    prefix, sure = "", True
    for part in node.values:
        if isinstance(part, ast.Constant):
            prefix += str(part.value) if sure else ""
        elif isinstance(part, ast.FormattedValue):
            value = evaluate(frame, part.value)
            text_of(frame, part.value, value)
            if sure and isinstance(value, Inert):
                prefix += str(value.constant) if value.known else value.prefix
            sure = sure and isinstance(value, Inert) and value.known
            if part.format_spec is not None:
                evaluate(frame, part.format_spec)
    return Inert(prefix, known=True, prefix=prefix) if sure else Inert(prefix=prefix)


def _bin_op(frame: Frame, node: ast.BinOp) -> Value:
    left = evaluate(frame, node.left)
    return combine(frame, node, left, evaluate(frame, node.right))


def _unary_op(frame: Frame, node: ast.UnaryOp) -> Value:
    value = evaluate(frame, node.operand)
    if isinstance(node.op, ast.Not):
        truth(frame, node.operand, value)
        for way in (True, False):
            frame.passed[node, way] = frame.passed.get((node.operand, not way), frozenset())
        holds = known_truth(value)
        return INERT if holds is None else constant(not holds)
    if isinstance(value, Expression):
        return value
    if not isinstance(node.operand, ast.Constant):
        frame.opaque()
    if (
        isinstance(node.op, ast.USub)
        and isinstance(value, Inert)
        and isinstance(value.constant, int)
    ):
        return constant(-value.constant)
    return INERT


def _bool_op(frame: Frame, node: ast.BoolOp) -> Value:
    found = evaluate(frame, node.values[0])
    truth(frame, node.values[0], found)
    passed = frame.env.fetched
    for at, operand in enumerate(node.values[1:], 1):
        goes_on = outcome(frame, node.values[at - 1], found) in (None, isinstance(node.op, ast.And))
        with frame.perhaps(), frame.only_if(goes_on):
            frame.env.fetched |= passed
            value = evaluate(frame, operand)
            if at < len(node.values) - 1:
                truth(frame, operand, value)
            passed = frame.env.fetched
        if settles(node.op, node.values[:at], found, value):
            found = value
        else:
            found = either(node.op, found, value) if goes_on else found
    frame.passed[node, isinstance(node.op, ast.And)] = passed
    return found


def _compare(frame: Frame, node: ast.Compare) -> Value:
    left_node, left = node.left, evaluate(frame, node.left)
    result = INERT
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(frame, right_node)
        result = compare(frame, op, (left_node, left), (right_node, right))
        left_node, left = right_node, right
    return result if len(node.ops) == 1 else INERT


def _if_exp(frame: Frame, node: ast.IfExp) -> Value:
    way = decided(frame, node.test)
    if way is not None:
        return evaluate(frame, node.body if way else node.orelse)
    test = evaluate(frame, node.test)
    truth(frame, node.test, test)
    holds = outcome(frame, node.test, test)
    with frame.perhaps(), frame.only_if(holds is not False):
        body = evaluate(frame, node.body)
    with frame.perhaps(), frame.only_if(holds is not True):
        orelse = evaluate(frame, node.orelse)
    if holds is not None:
        return body if holds else orelse
    return join(body, orelse)


def _lambda(frame: Frame, node: ast.Lambda) -> Value:
    return Deferred(node, frame.home)


def _named(frame: Frame, node: ast.NamedExpr) -> Value:
    value = evaluate(frame, node.value)
    frame.bind(node.target.id, value, origins(frame, node.value, value))
    return value


def _sequence(frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Value:
    parts: list[Value] = []
    whole = True
    for item in node.elts:
        if isinstance(item, ast.Starred):
            whole = False
            parts.append(elements(frame, item.value, evaluate(frame, item.value)))
        else:
            parts.append(evaluate(frame, item))
    if isinstance(node, ast.Set):
        frame.opaque()
    found = join_all(parts)
    if not whole or isinstance(node, ast.Set):
        return Items(found)
    return Items(found, tuple(parts), len(parts))


def _dict(frame: Frame, node: ast.Dict) -> Value:
    entries: dict[Constant, Value] = {}
    rest: Value = NEVER
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        key = evaluate(frame, key_node) if key_node is not None else None
        value = evaluate(frame, value_node)
        if key is None:
            frame.opaque()
            if isinstance(value, Mapping):
                entries.update(value.entries)
                rest = join(rest, value.rest)
            else:
                rest = UNKNOWN
        elif isinstance(key, Inert) and key.known:
            entries[key.constant] = value
        else:
            frame.opaque()
            rest = join(rest, value)
    return Mapping(tuple(entries.items()), rest)


def _await(frame: Frame, node: ast.Await) -> Value:
    frame.opaque()
    value = evaluate(frame, node.value)
    return value.returns if isinstance(value, Awaitable) else value


def _yield(frame: Frame, node: ast.Yield) -> Value:
    frame.opaque()
    if node.value is not None:
        value = evaluate(frame, node.value)
        frame.outcome.yields = join(frame.outcome.yields, value)
    return UNKNOWN


def _yield_from(frame: Frame, node: ast.YieldFrom) -> Value:
    found = elements(frame, node.value, evaluate(frame, node.value))
    frame.outcome.yields = join(frame.outcome.yields, found)
    return UNKNOWN


def _starred(frame: Frame, node: ast.Starred) -> Value:
    return Items(elements(frame, node.value, evaluate(frame, node.value)))


_READERS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: subscript,
    ast.JoinedStr: _joined,
    ast.BinOp: _bin_op,
    ast.UnaryOp: _unary_op,
    ast.BoolOp: _bool_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: comprehension,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Starred: _starred,
}
