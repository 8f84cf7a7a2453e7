"""Calling a function of the project: hand it what is known of the arguments, take over what it does."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey import object_state
from unblocker.survey.identities import chosen, fresh
from unblocker.survey.joining import join, join_all
from unblocker.survey.kept import kept
from unblocker.survey.library_steps import LIBRARY_CALL, flattened
from unblocker.survey.names import parameters
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.replacing import replace
from unblocker.survey.settled import handed_on
from unblocker.survey.shared_state import keeps_default
from unblocker.survey.values import (
    NEVER,
    UNKNOWN,
    Either,
    Instance,
    Items,
    Live,
    Mapping,
    Object,
    Page,
    QuerySet,
    Request,
    Role,
    Value,
)

if TYPE_CHECKING:
    from collections import abc
    from types import FunctionType

    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments
    from unblocker.survey.world import Code, Summary


def invoke(
    frame: Frame,
    node: ast.expr,
    target: FunctionType | object,
    given: Arguments,
    *,
    receiver: Value | None = None,
    implicit: bool = False,
    captured: abc.Mapping[str, Value] = MappingProxyType({}),
) -> Value:
    """What calling `target` (a function of the project) returns; its effects are put on record at `node`.

    `captured` is what it holds of the variables around it.
    """
    stand_in = frame.world.stand_in(target)
    if stand_in is not None:
        return stand_in(frame, node, receiver, given)
    code = frame.world.code(target)
    if code is None:
        return unknown_call(frame, node)
    called = _enter(frame, node, code, given, receiver, captured)
    summary, passed = called.summary, called.passed
    _take_over(frame, node, summary, implicit=implicit or not _is_named(node))
    _mutations(frame, summary, passed)
    _fetched(frame, summary, passed)
    object_state.taken_over(frame, receiver, called.assigned)
    outcome = summary.outcome
    if code.is_generator:
        return Items(outcome.yields)
    if receiver is not None and code.name.endswith(".__init__"):
        return object_state.made(receiver, called.assigned)
    if code.is_library and isinstance(outcome.returns, Mapping | Items):
        return outcome.returns  # a context: the same object under two names stays the same
    return fresh(outcome.returns, frame.identity(node))


@dataclass(frozen=True, slots=True)
class Called:
    """A function that was called, and what with."""

    summary: Summary
    passed: dict[str, Passed]

    @property
    def assigned(self) -> dict[str, Value]:
        """What the method left in its object's attributes, as the caller knows it."""
        values = {name: one.value for name, one in self.passed.items()}
        assigned = self.summary.outcome.assigned
        return {name: object_state.known_as(value, values) for name, value in assigned.items()}


def _enter(
    frame: Frame,
    node: ast.expr,
    code: Code,
    given: Arguments,
    receiver: Value | None,
    captured: abc.Mapping[str, Value],
) -> Called:
    passed = _match(frame, node, code, given, receiver)
    unread = _unread(frame, passed)
    if isinstance(receiver, Object) and receiver.role is not None:
        _one_request(passed)
    seen = {name: one.seen for name, one in passed.items()} | dict(captured)
    rest = seen if receiver is None else {name: seen[name] for name in [*seen][1:]}
    if receiver is not None and seen:
        receiver = next(iter(seen.values()))
    nodes = {name: one.node for name, one in passed.items()}
    settled = handed_on(frame.env.settled, code.target, nodes)
    summary = frame.world.summary(code, receiver, rest, unread, settled)
    frame.world.enter(summary, seen, caller=frame)
    frame.world.note_call(summary, frame, node)
    frame.trace.callees[summary] = None
    return Called(summary, passed)


def invoke_method(
    frame: Frame,
    node: ast.expr,
    found: object,
    given: Arguments,
    receiver: Value,
    *,
    implicit: bool = False,
) -> Value:
    """Call what a class of the project holds: a method, a class method or a static one."""
    match found:
        case staticmethod():
            return invoke(frame, node, found.__func__, given)
        case classmethod():
            return invoke(frame, node, found.__func__, given, receiver=_class_value(receiver))
        case _:
            return invoke(frame, node, found, given, receiver=receiver, implicit=implicit)


def _class_value(receiver: Value) -> Value:
    cls = getattr(receiver, "model", None) or getattr(receiver, "cls", None)
    return Live(cls) if cls is not None else receiver


def _one_request(passed: dict[str, Passed]) -> None:
    """A view's method is given the request that the view itself holds: what is read on one is there on the other."""
    first = next(iter(passed))
    for name, argument in passed.items():
        if isinstance(argument.seen, Request):
            passed[name] = replace(
                argument, seen=replace(argument.seen, identity=f"{first}.request")
            )


def unknown_call(frame: Frame, node: ast.expr) -> Value:
    """A call of code that can't be followed: it may do anything to its arguments and to the world."""
    label = frame.source.segment(node.func if isinstance(node, ast.Call) else node)
    unknown = (UNKNOWN_LOCATION,)
    frame.operate(node, operation("unknown.call", "helper", label, reads=unknown, writes=unknown))
    mutate_arguments(frame, node)
    return UNKNOWN


def mutate_arguments(frame: Frame, node: ast.expr) -> None:
    """Whatever the call is given may be changed by it."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            frame.mutate(node.func.value)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            frame.mutate(argument)


@dataclass(frozen=True, slots=True)
class Passed:
    """An argument: as the caller knows it, as the callee sees it, and the caller's expression for it."""

    value: Value
    seen: Value
    node: ast.expr | None


def _match(
    frame: Frame, node: ast.expr, code: Code, given: Arguments, receiver: Value | None
) -> dict[str, Passed]:
    from unblocker.survey.closures import leaving

    arguments = code.node.args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    call = node if isinstance(node, ast.Call) else None
    found: dict[str, Passed] = {}

    def give(name: str, value: Value, expression: ast.expr | None) -> None:
        value = leaving(frame, value)
        keeps = code.is_library and isinstance(value, Mapping)
        found[name] = Passed(value, value if keeps else carry(frame, value, name), expression)

    if receiver is not None and positional:
        give(positional.pop(0), receiver, _receiver_node(node))
    for at, value in enumerate(given.positional[: len(positional)]):
        give(positional[at], value, call.args[at] if call and at < len(call.args) else None)
    extra = [
        arguments.vararg.arg if arguments.vararg else "",
        arguments.kwarg.arg if arguments.kwarg else "",
    ]
    every = frozenset(parameters(arguments))
    named = every - found.keys() - set(extra)
    nodes = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
    for name, value in given.keywords.items():
        if name in named:
            give(name, value, nodes.get(name))
    for name in sorted(every - found.keys()):
        if name == extra[0]:
            left: Value = _more_positional(given, given.positional[len(positional) :])
        elif name == extra[1]:
            left = _more_keywords(given, named)
        else:
            left = _default(code, name, given)
        give(name, left, None)
    return found


def _is_named(node: ast.expr) -> bool:
    """Whether the call says whom it calls, by a name or an attribute."""
    return not isinstance(node, ast.Call) or isinstance(node.func, ast.Name | ast.Attribute)


def _more_positional(given: Arguments, left: tuple[Value, ...]) -> Value:
    """What `*args` holds."""
    if given.open:
        return Items(join_all([*left, given.rest]))
    return Items(join_all(list(left)), left, len(left))


def _more_keywords(given: Arguments, named: frozenset[str]) -> Value:
    """What `**kwargs` holds."""
    left = tuple((name, value) for name, value in given.keywords.items() if name not in named)
    return Mapping(left, given.rest if given.open else NEVER)


def _receiver_node(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Call):
        node = node.func
    return node.value if isinstance(node, ast.Attribute) else None


def _unread(frame: Frame, passed: dict[str, Passed]) -> frozenset[str]:
    """Parameters whose object is read when it is first looked at, and has not been yet."""
    return frozenset(
        name
        for name, argument in passed.items()
        if isinstance(argument.value, Instance)
        and argument.value.deferred
        and argument.value.identity not in frame.env.fetched
    )


def _default(code: Code, name: str, given: Arguments) -> Value:
    default = code.defaults.get(name, NEVER if given.open else UNKNOWN)
    return join(default, given.rest) if given.open else default


def carry(frame: Frame, value: Value, name: str) -> Value:
    """An argument as the callee sees it: under the parameter's name, with what was fetched on it so far."""
    fetched = frame.env.fetched
    match value:
        case Instance():
            paths = _paths(fetched, value.identity)
            return replace(value, identity=name, loaded=value.loaded | paths)
        case QuerySet():
            done = value.evaluated or value.identity in fetched
            return replace(value, identity=name, evaluated=done)
        case Either(choices=choices):
            return Either(
                tuple(carry(frame, one, chosen(name, at)) for at, one in enumerate(choices))
            )
        case Items(parts=listed):
            element = carry(frame, value.element, f"{name}[]")
            if listed is not None:
                listed = tuple(carry(frame, one, f"{name}[{at}]") for at, one in enumerate(listed))
            return replace(value, element=element, parts=listed)
        case Page(items=items):
            return replace(value, items=carry(frame, items, f"{name}.items"))
        case Request():
            parts = ("user", "session")
            there = {part for part in parts if f"{value.identity}.{part}" in fetched}
            return Request(name, value.fetched | there)
        case Object(role=None, state=state) if state:
            held = ((own, carry(frame, item, f"{name}.{own}")) for own, item in state)
            return replace(value, state=tuple(held))
        case Object(role=Role()):
            prefix = f"{value.identity}."
            read = {path.removeprefix(prefix) for path in fetched if path.startswith(prefix)}
            return replace(value, identity=name, fetched=value.fetched | read)
        case _:
            return fresh(value, name)


def _paths(fetched: frozenset[str], identity: str) -> frozenset[str]:
    prefix = f"{identity}."
    return frozenset(
        path.removeprefix(prefix).replace(".", "__") for path in fetched if path.startswith(prefix)
    )


def _take_over(frame: Frame, node: ast.expr, summary: Summary, *, implicit: bool) -> None:
    outcome, code = summary.outcome, summary.code
    if not outcome.transparent:
        frame.opaque()
    for location in sorted(outcome.effects):
        frame.touch(location)
    frame.read_shared(outcome.shared)
    reads, writes = set(outcome.reads), set(outcome.writes)
    if code.is_opaque or (code.is_generator and (reads or writes)):
        reads.add(UNKNOWN_LOCATION)
        writes.add(UNKNOWN_LOCATION)
    if code.is_async or not (reads or writes or outcome.inline):
        frame.outcome.raises.update(outcome.raises)
        frame.outcome.guard |= outcome.guard
        return
    if code.is_library:
        _take_over_library(frame, node, summary, reads, writes)
        return
    frame.operate(
        node,
        operation(
            "project.call",
            "helper",
            code.name,
            reads=reads,
            writes=writes | outcome.effects,
            raises=tuple(sorted(outcome.raises)),
            guard=outcome.guard,
            implicit=implicit,
            callee=code.id,
        ),
        apart=f" {code.name}" if frame.is_library else "",
    )


def _take_over_library(
    frame: Frame, node: ast.expr, summary: Summary, reads: set[Location], writes: set[Location]
) -> None:
    """Tell a library's steps: one by one in the project's code, in other library code as one for the time being."""
    outcome, name = summary.outcome, summary.code.node.name
    if not frame.is_library:
        for at, inner in enumerate(flattened(outcome.inline)):
            frame.operate(node, replace(inner, implicit=True), apart=f" {at}")
    if not frame.is_library and outcome.inline:
        return
    call = operation(LIBRARY_CALL, "helper", name, reads=reads, writes=writes, guard=outcome.guard)
    made = frame.operate(node, call, apart=f" {name}")
    if frame.is_library and outcome.inline and not summary.reading:
        frame.inlined[made.id] = outcome.inline


def _mutations(frame: Frame, summary: Summary, passed: dict[str, Passed]) -> None:
    for name in sorted(summary.outcome.mutated & passed.keys()):
        expression = passed[name].node
        if expression is not None:
            frame.mutate(expression)
        elif keeps_default(summary.code.target, name):
            frame.touch(Location("global", f"{summary.code.id}({name})"))


def _fetched(frame: Frame, summary: Summary, passed: dict[str, Passed]) -> None:
    """What the callee found there, and what it surely fetched on its arguments, is so for the caller too."""
    for fact in sorted(summary.outcome.relied):
        identity = _translated(fact, passed)
        if identity:
            frame.rely(identity)
    frame.env.fetched |= kept(summary.outcome.fetched)
    for fact in sorted(summary.outcome.fetched):
        identity = _translated(fact, passed)
        if identity:
            frame.fetch(identity)


def _translated(fact: str, passed: dict[str, Passed]) -> str:
    """What the callee knows as `parameter.path`, as the caller knows it."""
    parameter, _, path = fact.partition(".")
    value = passed[parameter].value if parameter in passed else None
    if isinstance(value, Object):
        value, path = object_state.behind(value, path)
    if not path and isinstance(value, Instance) and not value.deferred:
        return ""
    identity = getattr(value, "identity", "")
    return f"{identity}.{path}" if identity and path else str(identity)
