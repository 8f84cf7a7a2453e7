"""The state of reading one function: what its locals hold, and what the current statement was seen to do."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING

from unblocker.records.survey import (
    Location,
    Operation,
    Scope,
    Step,
)
from unblocker.survey.environment import Environment
from unblocker.survey.names import root_name
from unblocker.survey.replacing import replace
from unblocker.survey.seen import Observed, Outcome, Record
from unblocker.survey.trace import Trace
from unblocker.survey.values import NEVER, UNKNOWN, Live, Never, Object, Role, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from unblocker.records.places import Place
    from unblocker.survey.sources import Source
    from unblocker.survey.world import Summary, World

EXPECTED_ROWS = 10
NESTED_ROWS = 3


type NestedReader = Callable[[Frame, ast.expr, ast.stmt], Value]


@dataclass(slots=True)
class Frame:
    """One function being read.

    Attributes:
        namespace: the function's globals, with what its closure holds.
        locals: the names that are local to it.
        owner: the class that defines it, for `super()`.
        summary: the summary that this reading is for; None for a template.
        inner_names: variables of the comprehensions and lambdas that are being read.
        roots: for each local, the other locals whose objects it may share.
        exits: the environments where it returns.
        jumps: those where the loop that is being read is left or begun anew.
        fetchers: for what was fetched, the operation that did.
        passed: for `a and b` that holds, and for `a or b` that does not, what was fetched on the way through all of it.
        nested_reader: reads a call of a function that is defined inside this one.
        observed: where the linter has written down what each expression is and does.
        is_library: its code is a library's: it is read for whoever calls it, and never rewritten.
        inlined: for each operation that is a call of a library's function, the steps that it stands for.
        layer: which of several things that one expression does is being read: a serializer's field.
        rounds: how many times what is being read is read, for each item of the loops around it.
        branch: which of the few values that an expression may be used on is being used.
    """

    world: World
    source: Source
    namespace: Mapping[str, object]
    locals: frozenset[str]
    parameters: tuple[str, ...]
    owner: type | None = None
    summary: Summary | None = None
    env: Environment = field(default_factory=Environment)
    record: Record = field(default_factory=Record)
    outcome: Outcome = field(default_factory=Outcome)
    inner_names: frozenset[str] = frozenset()
    roots: dict[str, frozenset[str]] = field(default_factory=dict)
    exits: list[Environment] = field(default_factory=list)
    jumps: list[Environment] = field(default_factory=list)
    fetchers: dict[str, Operation] = field(default_factory=dict)
    passed: dict[tuple[ast.expr, bool], frozenset[str]] = field(default_factory=dict)
    nesting: int = 0
    nested_reader: NestedReader | None = None
    observed: Observed | None = None
    is_library: bool = False
    inlined: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    layer: str = ""
    branch: str = ""
    rounds: int = 1

    def identity(self, node: ast.expr) -> str:
        """A name for the object that this expression makes."""
        place = f"{node.lineno}:{node.col_offset}:{node.end_lineno}:{node.end_col_offset}"
        return f"{self.source.name}:{place}{self.branch}"

    @property
    def home(self) -> str:
        """The function that is being read, nested ones counted to the one around them."""
        return self.summary.code.id if self.summary is not None else self.source.name

    def follows(self, target: object) -> bool:
        """Whether calling this function from here means reading it; a package's mixin calls functions of its own."""
        if self.world.follows(target):
            return True
        if not self.is_library or not isinstance(target, FunctionType):
            return False
        top = str(target.__module__).partition(".")[0]
        own = str(self.namespace.get("__name__", "")).partition(".")[0]
        return top == own and top not in ("django", "rest_framework")

    @property
    def role(self) -> Role | None:
        """What a class-based view's method is read for."""
        first = self.value(self.parameters[0]) if self.parameters else NEVER
        return first.role if isinstance(first, Object) else None

    @property
    def never(self) -> bool:
        """Whether the view that this is read for never gets here: its action or its class rules it out."""
        return self.env.dead and self.role is not None

    @property
    def trace(self) -> Trace:
        """Where to note what happens here; nowhere that counts, where nothing is evaluated or the code never gets."""
        return Trace() if self.record.discarded or self.env.dead else self.outcome.trace

    @contextmanager
    def only_if(self, possible: bool) -> Iterator[None]:
        """What is read inside never happens unless it is `possible`."""
        before = self.env.dead
        self.env.dead = before or not possible
        try:
            yield
        finally:
            self.env.dead = before

    def opaque(self) -> None:
        """The current step may raise, or be noticed."""
        self.record.transparent = False

    def mutate(self, node: ast.expr) -> None:
        """The object behind `node` may be changed, and with it whatever shares it."""
        self.env.settled = frozenset()
        name = root_name(node)
        if name is None or name in self.inner_names or isinstance(self.value(name), Live):
            return
        if name in self.locals:
            for other in self._sharing(name):
                self.record.mutates[other] = None
                if other in self.parameters:
                    self.outcome.mutated.add(other)
        elif name in self.namespace and _is_shared(self.namespace[name]):
            self.touch(Location("global", self.global_name(name)))

    def _sharing(self, name: str) -> list[str]:
        """The local and those that may hold the same object, or one inside it."""
        own = self.roots.get(name, frozenset()) | {name}
        others = [
            other
            for other, roots in self.roots.items()
            if other != name and own & (roots | {other})
        ]
        return [name, *others]

    def global_name(self, name: str) -> str:
        """How a module-level name is told in a location."""
        shared = self.world.shared.location(self.namespace, name)
        if shared is not None:
            return shared.name
        return f"{self.namespace.get('__name__', self.source.name)}.{name}"

    def touch(self, location: Location) -> None:
        """The step touches `location` other than by an operation."""
        self.opaque()
        self.env.settled = frozenset()
        self.record.effects[location] = None
        self.outcome.effects.add(location)

    def read_shared(self, locations: Iterable[Location]) -> None:
        """The step reads module-level state that functions of the project change."""
        self.record.shared.update(locations)
        self.outcome.shared.update(locations)

    def read_global(self, namespace: Mapping[str, object], name: str) -> bool:
        """The step reads `name` of a module; whether functions of the project change it."""
        location = self.world.shared.location(namespace, name)
        if location is not None:
            self.opaque()
            self.read_shared((location,))
        return location is not None

    def fetch(self, identity: str) -> bool:
        """Remember that this relation or queryset is there now; whether it was not before."""
        if self.is_fetched(identity):
            return False
        self.env.fetched |= {identity}
        self.record.mutates[identity] = None
        return True

    def is_fetched(self, identity: str) -> bool:
        """Whether this relation or queryset is there; if so, the current step relies on what fetched it."""
        if identity not in self.env.fetched:
            return False
        self.rely(identity)
        return True

    def forget(self, identity: str) -> None:
        """What was fetched on this object is not there any more."""
        gone = f"{identity}."
        self.env.fetched = frozenset(fact for fact in self.env.fetched if not fact.startswith(gone))

    def rely(self, identity: str) -> None:
        """The current step needs no query because this is there: from an earlier step, or from the caller."""
        if identity in self.env.fetched:
            self.record.relies[identity] = None
        if identity.partition(".")[0] in self.parameters:
            self.outcome.relied.add(identity)

    def operate(self, node: ast.expr, operation: Operation, apart: str = "") -> Operation:
        """Put an operation on record, here at `node`; `apart` tells it from others of its entry there."""
        self.opaque()
        record = self.record
        if operation.writes:
            self.env.settled = frozenset()
        if record.discarded:
            return operation
        place = self.source.place(node)
        operation = replace(
            operation,
            id=self._id(place, operation.entry + apart + self.layer + self._told(operation)),
            place=place,
            certain=operation.certain and not record.uncertain,
            implicit=operation.implicit or record.implied,
            times=operation.times * record.times,
            scope=record.scope,
            uses=self.used(node),
        )
        record.operations[operation.id] = operation
        self.trace.note(operation)
        if self.observed is not None:
            self.observed.operations.setdefault(node, {})[operation.id] = operation
        self.outcome.reads.update(operation.reads)
        self.outcome.writes.update(operation.writes)
        self.outcome.raises.update(dict.fromkeys(operation.raises))
        self.outcome.guard |= operation.guard
        return operation

    def _told(self, operation: Operation) -> str:
        """What else tells an operation from others of its entry: in library code they may share an expression."""
        return operation.label if self.is_library else ""

    @contextmanager
    def within(self, layer: str) -> Iterator[None]:
        """What is done inside is one of several things that the same expression does."""
        outer, self.layer = self.layer, f"{self.layer} {layer}"
        try:
            yield
        finally:
            self.layer = outer

    def _id(self, place: Place, entry: str) -> str:
        start = f"{place.line}:{place.column}"
        same = self.source.operations.setdefault(start, [])
        key = (place.end_line, place.end_column, entry)
        if key not in same:
            same.append(key)
        index = same.index(key)
        return f"{start}.{index}" if index else start

    def used(self, node: ast.AST) -> tuple[str, ...]:
        """The locals that an expression or a nested definition reads, in order, its own variables left out."""
        if self.is_library or not self.locals:
            return ()
        own = self.locals - self.inner_names if self.inner_names else self.locals
        return tuple(name for name in self.source.free_names(node) if name in own)

    @contextmanager
    def perhaps(self, *, times: int = 1, scope: Scope | None = None) -> Iterator[None]:
        """What is seen inside may not happen, or may happen several times."""
        record, old_scope, old_times, before = (
            self.record,
            self.record.scope,
            self.record.times,
            self.env.fetched,
        )
        record.uncertain += 1
        record.times = old_times * (times if old_times == 1 else min(times, NESTED_ROWS))
        record.scope = old_scope if scope is None or old_scope == "closed" else scope
        try:
            yield
        finally:
            record.uncertain -= 1
            record.times, record.scope = old_times, old_scope
            self.env.fetched &= before

    @contextmanager
    def once(self) -> Iterator[None]:
        """What is seen inside happens in the first round of a loop only."""
        record, before = self.record, self.record.times
        record.times = 1
        try:
            yield
        finally:
            record.times = before

    @contextmanager
    def implied(self) -> Iterator[None]:
        """What is called inside has no call of its own in the source: a partial, or a method handed over."""
        record, before = self.record, self.record.implied
        record.implied = True
        try:
            yield
        finally:
            record.implied = before

    @contextmanager
    def inner(self, bound: Iterable[str]) -> Iterator[None]:
        """A comprehension's or lambda's own scope: `bound` names hide the function's."""
        names = tuple(bound)
        saved = {name: self.env.values.get(name) for name in names}
        old_locals, self.locals = self.locals, self.locals | set(names)
        old_inner, self.inner_names = self.inner_names, self.inner_names | set(names)
        try:
            yield
        finally:
            self.locals, self.inner_names = old_locals, old_inner
            for name, value in saved.items():
                if value is None:
                    self.env.values.pop(name, None)
                else:
                    self.env.values[name] = value

    @contextmanager
    def elsewhere(self, node: ast.expr) -> Iterator[None]:
        """What is called inside runs in a thread, where it may block."""
        observed = self.observed
        if observed is not None:
            self.observed = observed.elsewhere[node] = Observed()
        try:
            yield
        finally:
            self.observed = observed

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Evaluate for the value only: nothing of it happens here."""
        record, env = self.record, self.env
        self.record = Record(discarded=True)
        self.env = env.copy()
        try:
            yield
        finally:
            self.record, self.env = record, env

    def run_nested(self, node: ast.expr, function: ast.stmt) -> Value:
        """Call a function that is defined in this one."""
        if self.nested_reader is None:
            self.opaque()
            return UNKNOWN
        return self.nested_reader(self, node, function)

    def owner_node(self, node: ast.expr) -> ast.expr | None:
        """What the method is called on, of a method call."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return node.func.value
        return None

    def mutate_owner(self, node: ast.expr) -> None:
        """The method that is called may change what it is called on."""
        owner = self.owner_node(node)
        if owner is not None:
            self.mutate(owner)

    def bind(self, name: str, value: Value, roots: frozenset[str] = frozenset()) -> None:
        """A local gets a value."""
        self.env.bind(name, value)
        self.roots[name] = self.roots.get(name, frozenset()) | roots

    def value(self, name: str) -> Value:
        """What a local holds."""
        return self.env.values.get(name, NEVER)

    def has_value(self, name: str) -> bool:
        """Whether a local has been bound on some way to here."""
        return not isinstance(self.value(name), Never)


def _is_shared(target: object) -> bool:
    """Whether it is an object whose state code could change, rather than code."""
    if isinstance(target, type | ModuleType | FunctionType | BuiltinFunctionType):
        return False
    return type(target).__module__.partition(".")[0] not in ("django", "logging")
