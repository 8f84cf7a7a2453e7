"""Comprehensions: what they make, round by round where they go over classes that are known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.choosing import in_turn
from unblocker.survey.effects import elements, expected_rows, truth
from unblocker.survey.joining import join, join_all
from unblocker.survey.names import bound_names
from unblocker.survey.values import NEVER, UNKNOWN, Constant, Inert, Items, Live, Mapping, Value

if TYPE_CHECKING:
    from unblocker.records.survey import Scope
    from unblocker.survey.frame import Frame

type Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def comprehension(frame: Frame, node: Comprehension) -> Value:
    """What a comprehension or generator expression gives; what it does in a round is put on record."""
    from unblocker.survey.expressions import evaluate

    frame.opaque()
    scope: Scope = "closed" if isinstance(node, ast.GeneratorExp) else "comprehension"
    targets = bound_names(*(generator.target for generator in node.generators))
    first = evaluate(frame, node.generators[0].iter)
    times = expected_rows(first)
    parts = _told_apart(node, first)
    if parts:
        return _for_each(frame, node, parts)
    element = elements(frame, node.generators[0].iter, first)
    with frame.inner(targets), frame.perhaps(times=times, scope=scope):
        _generators(frame, node.generators, element)
        if isinstance(node, ast.DictComp):
            evaluate(frame, node.key)
            return Mapping((), evaluate(frame, node.value))
        return Items(evaluate(frame, node.elt))


def _told_apart(node: Comprehension, value: Value) -> tuple[Value, ...]:
    """The items that a list or dictionary is made over, one by one: a list of classes, a dictionary of constants."""
    if len(node.generators) > 1 or node.generators[0].ifs:
        return ()
    parts = value.parts or () if isinstance(value, Items) else ()
    is_sort = {ast.ListComp: _is_class, ast.DictComp: _is_constant}.get(type(node))
    return parts if is_sort is not None and all(is_sort(part) for part in parts) else ()


def _is_class(value: Value) -> bool:
    return isinstance(value, Live) and isinstance(value.target, type)


def _is_constant(value: Value) -> bool:
    return isinstance(value, Inert) and value.known


def _for_each(frame: Frame, node: Comprehension, values: tuple[Value, ...]) -> Value:
    from unblocker.survey.assignment import assign
    from unblocker.survey.expressions import evaluate

    def made(value: Value) -> Value:
        assign(frame, target, value)
        if not isinstance(node, ast.DictComp):
            return evaluate(frame, node.elt)
        key = evaluate(frame, node.key)
        return Items(UNKNOWN, (key, evaluate(frame, node.value)))

    target = node.generators[0].target
    with frame.inner(bound_names(target)), frame.perhaps(scope="comprehension"):
        parts = in_turn(frame, values, made)
    return (
        _mapping(parts)
        if isinstance(node, ast.DictComp)
        else Items(join_all(list(parts)), parts, len(parts))
    )


def _mapping(pairs: tuple[Value, ...]) -> Mapping:
    """The dictionary of these keys and values."""
    entries: dict[Constant, Value] = {}
    rest: Value = NEVER
    for pair in pairs:
        if isinstance(pair, Items) and pair.parts is not None:
            key, value = pair.parts
            if isinstance(key, Inert) and key.known:
                entries[key.constant] = value
            else:
                rest = join(rest, value)
    return Mapping(tuple(entries.items()), rest)


def _generators(frame: Frame, generators: list[ast.comprehension], first: Value) -> None:
    from unblocker.survey.assignment import assign
    from unblocker.survey.expressions import evaluate

    for at, generator in enumerate(generators):
        element = first
        if at:
            element = elements(frame, generator.iter, evaluate(frame, generator.iter))
        assign(frame, generator.target, element)
        for condition in generator.ifs:
            truth(frame, condition, evaluate(frame, condition))
