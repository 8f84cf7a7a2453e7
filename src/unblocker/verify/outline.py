"""What there is to run in a function: its statements, and the ways that lead from one to another.

A statement is named by its first line. A branch is a way from a statement that has more than one to the statement it
leads to, `EXIT` where that is the function's end. Ways that only an uncaught exception takes are none.
"""

import ast
import dis
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType

EXIT = 0

type Branch = tuple[int, int]

_RETURNS = frozenset({"RETURN_CONST", "RETURN_VALUE"})
_ENDS = frozenset({"RERAISE", "RAISE_VARARGS"})
_CONDITIONAL = ("POP_JUMP_IF_", "FOR_ITER")
_JUMPS = frozenset({"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"})


class Source:
    """A file's statements."""

    def __init__(self, file: Path) -> None:
        self._tree = ast.parse(file.read_bytes())
        self._code: CodeType = compile(self._tree, str(file), "exec", dont_inherit=True)
        self._first: dict[int, int] = {}
        for node in ast.walk(self._tree):  # outer ones first, so that inner ones have the last word
            if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                self._number(node)

    def statement(self, line: int) -> int:
        """The first line of the statement that this line belongs to."""
        return self._first.get(line, line)

    def codes(self, name: str) -> Iterator[CodeType]:
        """The code of the function with this qualified name, and of what is defined in it."""
        inner = f"{name}.<locals>."
        for code in _nested(self._code):
            if code.co_qualname == name or code.co_qualname.startswith(inner):
                yield code

    def _number(self, node: ast.stmt | ast.ExceptHandler | ast.match_case) -> None:
        first = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
        body = getattr(node, "body", None)
        last = max(first, body[0].lineno - 1) if body else getattr(node, "end_lineno", first)
        for line in range(first, last + 1):
            self._first[line] = first


class Flow:
    """The ways through one code object."""

    def __init__(self, code: CodeType, source: Source) -> None:
        self._source = source
        self._instructions = tuple(dis.get_instructions(code))
        self._at = {each.offset: number for number, each in enumerate(self._instructions)}
        self._opening = code.co_firstlineno

    def statements(self) -> frozenset[int]:
        """All of them, the function's own `def` left out."""
        lines = {each.positions.lineno for each in self._instructions if each.positions}
        found = {self._source.statement(line) for line in lines if line}
        return frozenset(found - {self._opening} or found)

    def branches(self) -> frozenset[Branch]:
        """All of them."""
        ways = {way for each in self._instructions if _decides(each) for way in self._ways(each)}
        chosen = {start for start, _ in ways if sum(start == one for one, _ in ways) > 1}
        return frozenset(way for way in ways if way[0] in chosen)

    def way(self, offset: int, destination: int) -> Branch | None:
        """Where the jump at the first offset leads that goes to the second one; None if to the same statement."""
        start = self._line(self._at[offset])
        number = self._at.get(destination)
        if start is None or number is None:
            return None
        end = self._end(number, start)
        return None if end is None else (start, end)

    def _ways(self, jump: dis.Instruction) -> Iterator[Branch]:
        following = self._at[jump.offset] + 1
        for destination in (self._instructions[following].offset, jump.argval):
            if way := self.way(jump.offset, destination):
                yield way

    def _end(self, number: int, start: int) -> int | None:
        """The first other statement from there on; None if another decision, or an error's way out, comes before."""
        passed: set[int] = set()
        while number not in passed and number < len(self._instructions):
            passed.add(number)
            each, line = self._instructions[number], self._line(number)
            if each.opname in _ENDS:
                return None
            if line not in {None, start, self._opening}:
                return line
            if each.opname in _RETURNS:
                return EXIT
            if _decides(each):
                return None
            number = self._at[each.argval] if each.opname in _JUMPS else number + 1
        return None

    def _line(self, number: int) -> int | None:
        positions = self._instructions[number].positions
        line = positions.lineno if positions else None
        return self._source.statement(line) if line else None


@cache
def source_of(file: Path) -> Source:
    """The file as it was when it was asked for first; raises SyntaxError and OSError."""
    return Source(file)


def _decides(instruction: dis.Instruction) -> bool:
    return instruction.opname.startswith(_CONDITIONAL)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
