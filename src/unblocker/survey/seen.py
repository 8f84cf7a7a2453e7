"""What was seen to happen: in one statement, in a whole function, in each expression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.survey.joining import join
from unblocker.survey.trace import Trace
from unblocker.survey.values import NEVER, Value

if TYPE_CHECKING:
    import ast

    from unblocker.records.survey import LazyQuery, Location, Operation, Scope, Step


@dataclass(slots=True)
class Record:
    """What the expressions of one statement were seen to do."""

    operations: dict[str, Operation] = field(default_factory=dict)
    lazy: dict[str, LazyQuery] = field(default_factory=dict)
    mutates: dict[str, None] = field(default_factory=dict)
    effects: dict[Location, None] = field(default_factory=dict)
    relies: dict[str, None] = field(default_factory=dict)
    shared: set[Location] = field(default_factory=set)
    transparent: bool = True
    atomic: bool = False
    uncertain: int = 0
    times: int = 1
    scope: Scope = "body"
    implied: bool = False
    discarded: bool = False


@dataclass(slots=True)
class Outcome:
    """What a whole function was seen to do, beside its steps.

    `inline` is told of a library's function: what of it counts where it is called (see library_steps.py).
    `assigned` is what it leaves in the attributes of the object whose method it is.
    """

    returns: Value = NEVER
    yields: Value = NEVER
    reads: set[Location] = field(default_factory=set)
    writes: set[Location] = field(default_factory=set)
    raises: dict[str, None] = field(default_factory=dict)
    effects: set[Location] = field(default_factory=set)
    guard: bool = False
    transparent: bool = True
    mutated: set[str] = field(default_factory=set)
    fetched: frozenset[str] = frozenset()
    relied: set[str] = field(default_factory=set)
    shared: set[Location] = field(default_factory=set)
    nested_io: list[ast.stmt] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace, compare=False)
    inline: tuple[Step, ...] = ()
    assigned: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Observed:
    """What the expressions of a function were seen to be and to do, in all its rounds together.

    `elsewhere`: for a call that runs in a thread, what it does there.
    """

    values: dict[ast.expr, Value] = field(default_factory=dict)
    operations: dict[ast.expr, dict[str, Operation]] = field(default_factory=dict)
    elsewhere: dict[ast.expr, Observed] = field(default_factory=dict)

    def note(self, node: ast.expr, value: Value) -> None:
        """The expression has had this value."""
        self.values[node] = join(self.values.get(node, NEVER), value)
