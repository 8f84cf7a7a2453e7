"""Notes which statements and branches of the project's own code a worker runs.

`sys.monitoring` tells of each place once a request, so that a loop costs no more than its first round.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

from unblocker.verify.outline import Flow, source_of
from unblocker.verify.protocol import Function, Outlined, Reached

_TOOLS = range(6)
_NOT_OURS = frozenset({"site-packages", ".venv"})


@dataclass(slots=True)
class _Run:
    """What ran of a code object; two of them may be equal, so they are told apart by their identity."""

    code: CodeType
    lines: set[int] = field(default_factory=set)
    jumps: set[tuple[int, int]] = field(default_factory=set)


class Tracing:
    """Listens from the moment it is made; `clear` starts anew. Threads may run the project's code at the same time."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._runs: dict[int, _Run] = {}
        self._flows: dict[int, Flow] = {}
        self._tool = next(tool for tool in _TOOLS if sys.monitoring.get_tool(tool) is None)
        self._listen()

    def clear(self) -> None:
        """Forget what ran so far, and hear of it again."""
        ran = tuple(run.code for run in self._runs.values() if run.lines)
        for code in ran:
            sys.monitoring.set_local_events(self._tool, code, 0)
        for code in ran:
            self._follow(code)

    def reached(self) -> tuple[Reached, ...]:
        """What ran since the last `clear`, a record for each code object."""
        runs = tuple(run for run in self._runs.values() if run.lines)
        return tuple(map(self._reached, runs))

    def outline(self, function: Function) -> Outlined:
        """All that there is to run in the function; empty where its file has none of this name."""
        file = self._root / function.file
        try:
            source = source_of(file)
        except (OSError, SyntaxError, ValueError):
            return Outlined((), ())
        flows = [Flow(code, source) for code in source.codes(function.name)]
        statements = {line for flow in flows for line in flow.statements()}
        branches = {way for flow in flows for way in flow.branches()}
        return Outlined(tuple(sorted(statements)), tuple(sorted(branches)))

    def _listen(self) -> None:
        monitoring, events = sys.monitoring, sys.monitoring.events
        monitoring.use_tool_id(self._tool, "django-unblock verify")
        monitoring.register_callback(self._tool, events.PY_START, self._on_start)
        monitoring.register_callback(self._tool, events.LINE, self._on_line)
        monitoring.register_callback(self._tool, events.BRANCH, self._on_branch)
        monitoring.set_events(self._tool, events.PY_START)

    def _on_start(self, code: CodeType, _offset: int) -> object:
        if id(code) not in self._runs and self._is_own(code):
            self._follow(code)
        return sys.monitoring.DISABLE

    def _follow(self, code: CodeType) -> None:
        events = sys.monitoring.events
        self._runs[id(code)] = _Run(code)
        sys.monitoring.set_local_events(self._tool, code, events.LINE | events.BRANCH)

    def _on_line(self, code: CodeType, line: int) -> object:
        self._runs[id(code)].lines.add(line)
        return sys.monitoring.DISABLE

    def _on_branch(self, code: CodeType, offset: int, destination: int) -> object:
        """A branch is silenced once both of its ways were taken: before 3.14 they can't be apart."""
        jumps = self._runs[id(code)].jumps
        jumps.add((offset, destination))
        both = sum(start == offset for start, _ in tuple(jumps)) > 1
        return sys.monitoring.DISABLE if both else None

    def _is_own(self, code: CodeType) -> bool:
        file = Path(code.co_filename)
        if not file.is_relative_to(self._root):
            return False
        return file.suffix == ".py" and _NOT_OURS.isdisjoint(file.relative_to(self._root).parts)

    def _reached(self, run: _Run) -> Reached:
        file = Path(run.code.co_filename)
        source = source_of(file)
        if (flow := self._flows.get(id(run.code))) is None:
            flow = self._flows[id(run.code)] = Flow(run.code, source)
        ways = (flow.way(*jump) for jump in tuple(run.jumps))
        return Reached(
            file.relative_to(self._root).as_posix(),
            tuple({source.statement(line) for line in tuple(run.lines)}),
            tuple({way for way in ways if way is not None}),
        )
