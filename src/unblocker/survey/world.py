"""The project as one whole: its functions' summaries, brought to a fixpoint over who calls whom."""

from __future__ import annotations

import inspect
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING

from unblocker.records.survey import Problem, Step
from unblocker.survey.decorators import runs_once
from unblocker.survey.harmless import is_framework, is_harmless
from unblocker.survey.joining import join
from unblocker.survey.kept import kept
from unblocker.survey.lambdas import NAME as LAMBDA
from unblocker.survey.lambdas import lambda_definition
from unblocker.survey.live import plain_function, value_of, wrappers
from unblocker.survey.looking import look
from unblocker.survey.operations import UNKNOWN_LOCATION
from unblocker.survey.seen import Outcome
from unblocker.survey.sources import Sources
from unblocker.survey.values import NEVER, UNKNOWN, Object, Value
from unblocker.survey.variants import common, looks_up_by_name, variant

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Hashable, Mapping

    from unblocker.records.places import Place
    from unblocker.survey.facts import Facts
    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Index
    from unblocker.survey.notes import Notes
    from unblocker.survey.querysets import Arguments
    from unblocker.survey.settled import Settled
    from unblocker.survey.shared_state import SharedState
    from unblocker.survey.sources import Definition, Source
    from unblocker.survey.templates import Templates
    from unblocker.survey.variants import Variant

_ROUNDS = 12
_DEPTH = 40
_VARIANTS = 30
_VARIANTS_BY_NAME = 300


@dataclass(frozen=True, eq=False)
class Code:
    """A function as it stands in its file.

    Attributes:
        namespace: its globals and what its closure holds.
        owner: the class whose body it stands in.
        is_opaque: a decorator that is not understood may do anything around it.
        is_library: it is an installed library's code: read, but never told as a function of the project.
    """

    id: str
    name: str
    target: FunctionType
    source: Source
    node: Definition
    namespace: dict[str, object]
    owner: type | None
    defaults: dict[str, Value]
    is_generator: bool
    is_async: bool
    is_opaque: bool
    is_library: bool = False

    @cached_property
    def locals(self) -> frozenset[str]:
        """The names that are local to it."""
        return self.source.local_names(self.node)

    @property
    def self_name(self) -> str | None:
        """The first parameter of a method."""
        every = [*self.node.args.posonlyargs, *self.node.args.args]
        return every[0].arg if self.owner is not None and every else None


@dataclass(slots=True, eq=False)
class Summary:
    """What one function does, for what it was called with so far; `kept` is what the process has before every call."""

    code: Code
    unread: frozenset[str]
    settled: frozenset[Settled] = frozenset()
    parameters: dict[str, Value] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    steps: tuple[Step, ...] = ()
    callers: dict[Summary, None] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    rounds: int = 0
    reading: bool = False


type Reader = Callable[[World, Summary], tuple[tuple[Step, ...], Outcome]]
type StandIn = Callable[[Frame, ast.expr, Value | None, Arguments], Value]


@dataclass(slots=True)
class World:
    """Everything that reading a function may ask for.

    Attributes:
        notes: only where somebody wants to know why.
        user_relations: what is loaded together with `request.user`; None before anybody has asked.
        nested: what stands for the functions that are defined in others, by their definitions.
    """

    sources: Sources
    index: Index
    facts: Facts
    templates: Templates
    shared: SharedState
    reader: Reader
    stand_ins: Mapping[str, StandIn] = field(default_factory=dict)
    notes: Notes | None = None
    summaries: dict[Variant, Summary] = field(default_factory=dict)
    calls: dict[str, dict[Place, str]] = field(default_factory=dict)
    unread: dict[str, Problem] = field(default_factory=dict)
    user_relations: frozenset[str] | None = None
    nested: dict[ast.AST, FunctionType | None] = field(default_factory=dict)
    libraries: Sources = field(init=False)
    _codes: dict[FunctionType, Code | None] = field(default_factory=dict)
    _attributes: dict[tuple[Hashable, str], dict[type, Value]] = field(default_factory=dict)
    _askers: dict[tuple[Hashable, str], dict[Summary, None]] = field(default_factory=dict)
    _queue: deque[Summary] = field(default_factory=deque)
    _variants: Counter[FunctionType] = field(default_factory=Counter)
    _depth: int = 0

    def __post_init__(self) -> None:
        self.libraries = Sources(self.sources.root)

    def owns(self, target: object) -> bool:
        """Whether a function or class is the project's own code."""
        if isinstance(target, type):
            module = sys.modules.get(target.__module__)
            path = getattr(module, "__file__", None)
            return path is not None and self.sources.owns(path)
        function = plain_function(target)
        return function is not None and self.sources.owns(function.__code__.co_filename)

    def follows(self, target: object, receiver: Value | None = None) -> bool:
        """Whether calling this function means reading it: the project's own, and the code that class-based views run.

        That is the framework's modules for views, and whatever a library's base class gives to a view, `receiver`.
        """
        if self.owns(target):
            return True
        function = plain_function(target)
        if function is None:
            return False
        module = function.__globals__.get("__name__", "")
        is_views = isinstance(receiver, Object) and receiver.role is not None
        return is_framework(module) or (is_views and not is_harmless(function))

    def stand_in(self, target: object) -> StandIn | None:
        """What tells a library's function by hand."""
        function = plain_function(target)
        if function is None:
            return None
        return self.stand_ins.get(f"{function.__globals__['__name__']}.{function.__qualname__}")

    def code(self, target: object) -> Code | None:
        """The source of a function; None where there is none to read."""
        function = plain_function(target)
        if function is None:
            return None
        if function not in self._codes:
            self._codes[function] = self._find_code(function, target)
        return self._codes[function]

    def own_code(self, target: object) -> Code | None:
        """The source of this very function, not of what it is wrapped around."""
        if not isinstance(target, FunctionType):
            return None
        if target not in self._codes:
            self._codes[target] = self._find_code(target, None)
        return self._codes[target]

    def summary(
        self,
        code: Code,
        receiver: Value | None,
        arguments: Mapping[str, Value] = MappingProxyType({}),
        unread: frozenset[str] = frozenset(),
        settled: frozenset[Settled] = frozenset(),
    ) -> Summary:
        """The summary of a function for this kind of receiver and of other arguments.

        `unread` are parameters whose object is read lazily and has not been read before the call;
        `settled` is what the caller's guards have settled of the parameters.
        """
        key = variant(code.target, receiver, arguments, unread, settled)
        most = _VARIANTS_BY_NAME if looks_up_by_name(code.target) else _VARIANTS
        many = self._variants[code.target] >= most and not code.is_library
        if key not in self.summaries and many:
            key = common(code.target, unread)
            settled = frozenset()
        if key not in self.summaries:
            self._variants[code.target] += 1
            self.summaries[key] = Summary(code, unread, settled)
        return self.summaries[key]

    def has_met(self, code: Code) -> bool:
        """Whether anybody was seen to call the function."""
        return self._variants[code.target] > 0

    def enter(
        self,
        summary: Summary,
        arguments: dict[str, Value],
        *,
        caller: Frame | None = None,
    ) -> None:
        """A call: what it passes joins what was passed before, and the function is read again if that is news."""
        parameters = {
            name: join(summary.parameters.get(name, NEVER), value)
            for name, value in arguments.items()
        }
        known = kept(caller.env.fetched) if caller is not None else frozenset[str]()
        if summary.rounds:
            known &= summary.kept
        if not summary.rounds or parameters != summary.parameters or known != summary.kept:
            summary.parameters, summary.kept = parameters, known
            if summary.reading or self._depth >= _DEPTH:
                self._schedule(summary)
            else:
                self.read(summary)
        if caller is not None and caller.summary is not None:
            # Not before: a caller is read again for what it was not told, and this it is told now.
            summary.callers[caller.summary] = None

    def read(self, summary: Summary) -> None:
        """Read the function; if what it does is news, whoever calls it is read again later."""
        if summary.rounds >= _ROUNDS:
            return
        summary.rounds += 1
        summary.reading = True
        self._depth += 1
        before = summary.outcome
        try:
            summary.steps, summary.outcome = self.reader(self, summary)
        except Exception as error:  # noqa: BLE001  # one function that is not understood must not stop the survey
            self._give_up(summary, error)
        finally:
            summary.reading = False
            self._depth -= 1
        if summary.outcome != before:
            for caller in summary.callers:
                self._schedule(caller)

    def note_call(self, summary: Summary, frame: Frame, node: ast.expr) -> None:
        """Remember who calls the function, and where."""
        caller = frame.summary.code if frame.summary else None
        if caller is not None and caller.source is frame.source:
            self.calls.setdefault(summary.code.id, {})[frame.source.place(node)] = caller.id

    def settle(self) -> None:
        """Read until nothing is news any more."""
        while self._queue:
            self.read(self._queue.popleft())

    def assign_attribute(self, cls: type, name: str, value: Value, kind: Hashable = None) -> None:
        """`self.name = value` in a method of `cls`; `kind`: of a view that answers so, an object that holds such."""
        assigned = self._attributes.setdefault((kind, name), {})
        old = assigned.get(cls, NEVER)
        assigned[cls] = new = join(old, value)
        if new != old:
            for summary in self._askers.get((kind, name), ()):
                self._schedule(summary)

    def known_attribute(
        self, cls: type, name: str, kind: Hashable = None, asker: Summary | None = None
    ) -> Value | None:
        """What methods of the class were seen to assign to `self.name`; `asker` is read again if that is news."""
        if asker is not None:
            self._askers.setdefault((kind, name), {})[asker] = None
        assigned = self._attributes.get((kind, name))
        if assigned is None:
            return None
        found = (assigned.get(base) for base in cls.__mro__)
        return next((value for value in found if value is not None), None)

    def _give_up(self, summary: Summary, error: Exception) -> None:
        """The function may do anything: reading it failed."""
        code = summary.code
        problem = unread(code.name, error, code.source.place(code.node))
        self.unread[code.id] = problem
        self.sources.problems.append(problem)
        unknown = Outcome(returns=UNKNOWN, transparent=False)
        unknown.reads.add(UNKNOWN_LOCATION)
        unknown.writes.add(UNKNOWN_LOCATION)
        summary.steps, summary.outcome = (), unknown

    def _schedule(self, summary: Summary) -> None:
        if summary not in self._queue:
            self._queue.append(summary)

    def _find_code(self, function: FunctionType, target: object) -> Code | None:
        path = function.__code__.co_filename
        is_own = self.sources.owns(path)
        source = (self.sources if is_own else self.libraries).read(path)
        if source is None:
            return None
        found = source.definitions.get(function.__code__.co_firstlineno)
        if function.__code__.co_name == LAMBDA:
            found = lambda_definition(source, function)
        if found is None:
            return None
        qualified, node = found
        if node.name != function.__code__.co_name:
            return None
        return Code(
            id=f"{function.__module__}:{qualified}",
            name=qualified,
            target=function,
            source=source,
            node=node,
            namespace=_namespace(function),
            owner=_owner(function, qualified),
            defaults=_defaults(function),
            is_generator=inspect.isgeneratorfunction(function)
            or inspect.isasyncgenfunction(function),
            is_async=inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function),
            is_opaque=any(not runs_once(wrapper) for wrapper in wrappers(target)),
            is_library=not is_own,
        )


def unread(name: str, error: Exception, place: Place | None) -> Problem:
    """A function or view that could not be read: it is nested too deeply (U413), or the survey has a defect (U406)."""
    if isinstance(error, RecursionError):
        return Problem("U413", f"{name} could not be read: it is nested too deeply", place)
    return Problem("U406", f"{name} could not be read: {type(error).__name__}: {error}", place)


def _namespace(function: FunctionType) -> dict[str, object]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=False)
    closure = {}
    for name, cell in cells:
        try:
            closure[name] = cell.cell_contents
        except ValueError:
            continue
    return {**function.__globals__, **closure} if closure else function.__globals__


def _owner(function: FunctionType, qualified: str) -> type | None:
    if "." not in qualified or qualified.rpartition(".")[0].endswith("<locals>"):
        return None
    owner: object = sys.modules.get(function.__module__)
    for name in qualified.split(".")[:-1]:
        owner = look(owner, name)
    return owner if isinstance(owner, type) else None


def _defaults(function: FunctionType) -> dict[str, Value]:
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    values = function.__defaults__ or ()
    found = dict(zip(positional[len(positional) - len(values) :], values, strict=True))
    found.update(function.__kwdefaults__ or {})
    return {name: value_of(value) for name, value in found.items()}
