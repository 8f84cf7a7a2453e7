"""Comprehensions: what they make, round by round where they go over classes that are known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.effects import elements, expected_rows, truth
from unblocker.survey.joining import join_all
from unblocker.survey.names import bound_names
from unblocker.survey.values import Items, Live, Mapping, Value

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
    classes = _classes_in(node, first)
    if classes and isinstance(node, ast.ListComp):
        return _for_each(frame, node.generators[0].target, node.elt, classes)
    element = elements(frame, node.generators[0].iter, first)
    with frame.inner(targets), frame.perhaps(times=times, scope=scope):
        _generators(frame, node.generators, element)
        if isinstance(node, ast.DictComp):
            evaluate(frame, node.key)
            return Mapping((), evaluate(frame, node.value))
        return Items(evaluate(frame, node.elt))


def _classes_in(node: ast.expr, value: Value) -> tuple[Live, ...]:
    """The classes that a list is made over, one by one: `[permission() for permission in self.permission_classes]`."""
    if not isinstance(node, ast.ListComp) or len(node.generators) > 1 or node.generators[0].ifs:
        return ()
    parts = value.parts or () if isinstance(value, Items) else ()
    classes = tuple(
        part for part in parts if isinstance(part, Live) and isinstance(part.target, type)
    )
    return classes if len(classes) == len(parts) else ()


def _for_each(frame: Frame, target: ast.expr, made: ast.expr, values: tuple[Live, ...]) -> Value:
    from unblocker.survey.assignment import assign
    from unblocker.survey.expressions import evaluate

    parts = []
    with frame.inner(bound_names(target)), frame.perhaps(scope="comprehension"):
        for value in values:
            assign(frame, target, value)
            parts.append(evaluate(frame, made))
    return Items(join_all(parts), tuple(parts), len(parts))


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
