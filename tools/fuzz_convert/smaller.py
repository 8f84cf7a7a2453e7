"""Smaller programs that still go wrong: statements are left out as long as the conversion still differs."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tools.fuzz_convert.batch import Tried
from tools.fuzz_convert.writer import Program

type TryAll = Callable[[Sequence[Program]], Sequence[Tried]]

ROUNDS = 8
AT_ONCE = 24


def smallest(tried: Tried, try_all: TryAll) -> Tried:
    """The smallest program found that differs as this one does; all candidates of a round are tried together."""
    for _ in range(ROUNDS):
        candidates = list(_without_a_statement(tried.program))[:AT_ONCE]
        differing = [each for each in try_all(candidates) if each.differs] if candidates else []
        if not differing:
            return tried
        tried = min(differing, key=lambda each: len(each.program.source))
    return tried


def _without_a_statement(program: Program) -> Iterator[Program]:
    """The program without one of its statements, the largest left out first; each has a name of its own."""
    tree = ast.parse(program.source)
    bodies = [
        body
        for node in ast.walk(tree)
        for body in (getattr(node, name, None) for name in ("body", "orelse"))
        if isinstance(body, list)
    ]
    places = [(body, number) for body in bodies for number in range(len(body))]
    places.sort(key=lambda place: -_lines(place[0][place[1]]))
    for index, (body, number) in enumerate(places):
        left_out = body[number]
        if isinstance(left_out, ast.FunctionDef) and left_out.name == program.name:
            continue
        body[number] = ast.Pass()
        source = ast.unparse(tree) + "\n"
        body[number] = left_out
        if not isinstance(left_out, ast.Pass):
            yield _renamed(replace(program, source=source), index)


def _renamed(program: Program, index: int) -> Program:
    """The same under another number: programs of a batch stand in one module."""
    number = program.seed * 1000 + index
    source = program.source.replace(f"view_{program.seed}", f"view_{number}")
    return Program(number, source.replace(f"_helper_{program.seed}_", f"_helper_{number}_"))


def _lines(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - statement.lineno
