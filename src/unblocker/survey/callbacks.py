"""Functions that are handed over (lambdas, partials, helpers), and code that looks at what it is given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.choosing import each
from unblocker.survey.effects import elements, present
from unblocker.survey.operators import text_of
from unblocker.survey.project_calls import unknown_call
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Closure,
    Deferred,
    Either,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Method,
    Object,
    QuerySet,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame


def evaluate_given(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """Code without I/O of its own looks at its arguments: querysets are read, functions are called."""
    for where, value in with_nodes(node, given):
        _look_at(frame, where, value, given)


def with_nodes(node: ast.expr, given: Arguments) -> Iterator[tuple[ast.expr, Value]]:
    """Each argument with the expression that gave it."""
    nodes: list[ast.expr] = []
    if isinstance(node, ast.Call):
        nodes = [*node.args, *(keyword.value for keyword in node.keywords)]
    for at, value in enumerate(given.values()):
        yield nodes[at] if at < len(nodes) else node, value


def _look_at(frame: Frame, node: ast.expr, value: Value, given: Arguments) -> None:
    match value:
        case QuerySet():
            elements(frame, node, value)
        case Either(choices=choices):
            each(frame, choices, lambda one: _looked_at(frame, node, one, given))
        case Instance():
            present(frame, node, value)
        case Deferred() | Closure() | Method():
            run_callback(frame, node, value, given)
        case Live(target=target) if _is_followed(frame, target):
            run_callback(frame, node, value, given)
        case Mapping():
            for _, item in value.entries:
                _look_at(frame, node, item, given)
        case Items(parts=tuple(parts)):
            for part in parts:
                _look_at(frame, node, part, given)


def _looked_at(frame: Frame, node: ast.expr, value: Value, given: Arguments) -> Value:
    _look_at(frame, node, value, given)
    return value


def show_given(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """What is called turns its arguments into text: a model's own `__str__` may query, a queryset reads its rows."""
    for where, value in with_nodes(node, given):
        if isinstance(value, Instance | QuerySet | Object | Either):
            text_of(frame, where, value)


def _is_followed(frame: Frame, target: object) -> bool:
    """Whether calling this function may do something that is known."""
    if isinstance(target, type):
        return False
    return frame.world.owns(target) or frame.world.index.function(target) is not None


def run_callback(frame: Frame, node: ast.expr, value: Value, given: Arguments) -> None:
    """A function that was handed over is called some time, perhaps often, perhaps not at all."""
    from unblocker.survey.calls import call

    others = [item for item in given.positional if isinstance(item, Items)]
    argument = others[0].element if others else _handed_over(value, given)
    with frame.perhaps(scope="closed"):
        if isinstance(value, Deferred) and value.callee is None:
            call_deferred(frame, node, value, Arguments((argument,), {}, open=True))
        else:
            with frame.implied():
                call(frame, node, value, Arguments((argument,), {}, open=True))


def _handed_over(function: Value, given: Arguments) -> Value:
    """What code without I/O gives the function: data, where it was given nothing else itself."""
    rest = [item for item in given.values() if item != function]
    return INERT if rest and all(isinstance(item, Inert) for item in rest) else UNKNOWN


def call_deferred(frame: Frame, node: ast.expr, value: Deferred, given: Arguments) -> Value:
    """Run a lambda, a nested function or a partial."""
    from unblocker.survey.calls import call

    if value.callee is not None:
        whole = Arguments((*value.arguments, *given.positional), given.keywords, given.open)
        with frame.implied():
            return call(frame, node, value.callee, whole)
    if value.home != frame.home:
        return unknown_call(frame, node)
    if isinstance(value.node, ast.Lambda):
        return _run_lambda(frame, value.node, given)
    if isinstance(value.node, ast.expr):
        return UNKNOWN
    return frame.run_nested(node, value.node)


def _run_lambda(frame: Frame, node: ast.Lambda, given: Arguments) -> Value:
    from unblocker.survey.expressions import evaluate

    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    every = names + [argument.arg for argument in node.args.kwonlyargs]
    with frame.inner(every):
        for at, name in enumerate(every):
            frame.env.values[name] = given.positional[at] if at < len(given.positional) else UNKNOWN
        return evaluate(frame, node.body)
