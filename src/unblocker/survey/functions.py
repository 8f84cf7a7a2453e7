"""Reading one function whole: its steps, and the sum of what it does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unblocker.survey.environment import Environment
from unblocker.survey.frame import Frame
from unblocker.survey.joining import join
from unblocker.survey.kept import kept
from unblocker.survey.library_steps import told_by
from unblocker.survey.names import parameters
from unblocker.survey.object_state import left_behind
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.statements import read_block
from unblocker.survey.values import NONE, UNKNOWN, Instance, Items, Mapping, Object, Value

if TYPE_CHECKING:
    from unblocker.records.survey import Operation, Step
    from unblocker.survey.seen import Outcome
    from unblocker.survey.world import Code, Summary, World

_DEEPEST = 5


def read_function(world: World, summary: Summary) -> tuple[tuple[Step, ...], Outcome]:
    """The function's steps, and what it does in all, for the parameters that the summary holds."""
    code = summary.code
    names = (*parameters(code.node.args), *_captured(summary))
    frame = Frame(
        world,
        code.source,
        code.namespace,
        code.locals | frozenset(names),
        names,
        owner=code.owner,
        summary=summary,
        nested_reader=read_nested,
        is_library=code.is_library,
    )
    for name in names:
        frame.bind(name, summary.parameters.get(name) or _unpassed(code, name))
    if world.notes is not None:
        world.notes.bound(frame, code.source.place(code.node), names)
    frame.env.fetched = _read_before(summary)
    frame.env.settled = summary.settled
    steps = read_block(frame, "body", code.node.body).steps
    outcome = frame.outcome
    if code.is_library:
        outcome.inline = told_by(steps, frame.inlined, code.node.name)
    outcome.fetched = _fetched(frame)
    outcome.assigned = left_behind(frame)
    if not (frame.env.ended or frame.env.dead):
        outcome.returns = join(outcome.returns, NONE)
    return steps, outcome


def _captured(summary: Summary) -> tuple[str, ...]:
    """The variables of the function around it that it holds."""
    own = parameters(summary.code.node.args)
    return tuple(name for name in summary.parameters if name not in own)


def _read_before(summary: Summary) -> frozenset[str]:
    """The parameters whose object is read lazily, and was before every call; what was read through a view before."""
    lazily = (
        name
        for name, value in summary.parameters.items()
        if isinstance(value, Instance) and value.deferred
    )
    through = (
        f"{name}.{path}"
        for name, value in summary.parameters.items()
        if isinstance(value, Object)
        for path in value.fetched
    )
    return (frozenset(lazily) - summary.unread) | frozenset(through) | summary.kept


def _unpassed(code: Code, name: str) -> Value:
    """What a parameter holds that no call seen so far has given."""
    vararg, kwarg = code.node.args.vararg, code.node.args.kwarg
    if vararg is not None and vararg.arg == name:
        return Items(UNKNOWN)
    if kwarg is not None and kwarg.arg == name:
        return Mapping((), UNKNOWN)
    return UNKNOWN


def _fetched(frame: Frame) -> frozenset[str]:
    """What was fetched on the parameters on every way out."""
    exits = frame.exits if frame.env.ended else [*frame.exits, frame.env]
    if not exits:
        return frozenset()
    common = frozenset.intersection(*(way.fetched for way in exits))
    own = frozenset(fact for fact in common if fact.partition(".")[0] in frame.parameters)
    return own | kept(common)


def read_nested(frame: Frame, node: ast.expr, function: ast.stmt) -> Value:
    """Call a function that is defined inside this one, here at `node`."""
    frame.opaque()
    if not isinstance(function, ast.FunctionDef) or frame.nesting >= _DEEPEST:
        frame.touch(UNKNOWN_LOCATION)
        return UNKNOWN
    inner = _inside(frame, function)
    read_block(inner, "body", function.body)
    outcome = inner.outcome
    for location in sorted(outcome.effects):
        frame.touch(location)
    frame.read_shared(outcome.shared)
    if outcome.reads or outcome.writes:
        frame.outcome.nested_io.append(function)
        frame.operate(node, _nested_call(function.name, outcome))
    for name in frame.used(function):
        frame.mutate(ast.copy_location(ast.Name(name, ast.Load()), node))
    return outcome.returns


def _inside(frame: Frame, function: ast.FunctionDef) -> Frame:
    """The nested function's own frame: it sees the variables around it, and its parameters are unknown."""
    inner = Frame(
        frame.world,
        frame.source,
        frame.namespace,
        frame.locals | frame.source.local_names(function),
        frame.parameters,
        owner=frame.owner,
        summary=frame.summary,
        nested_reader=read_nested,
        nesting=frame.nesting + 1,
    )
    inner.env = Environment(dict(frame.env.values), frame.env.fetched, dead=frame.env.dead)
    inner.outcome.trace = frame.trace
    inner.env.values.update(dict.fromkeys(parameters(function.args), UNKNOWN))
    return inner


def _nested_call(name: str, outcome: Outcome) -> Operation:
    return operation(
        "project.call",
        "helper",
        name,
        reads=outcome.reads,
        writes=outcome.writes,
        raises=tuple(outcome.raises),
        guard=outcome.guard,
    )
