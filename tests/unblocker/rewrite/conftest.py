"""Plans made by hand: places are given as pieces of source text."""

import ast
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from unblocker.records.asides import AsideId
from unblocker.records.places import Place
from unblocker.records.plan import (
    Adoption,
    AtomicBlock,
    Await,
    Branch,
    FunctionPlan,
    Group,
    Loop,
    Plan,
    Prediction,
    ViewPlan,
)
from unblocker.records.survey import Project, SourceFile


@dataclass(frozen=True)
class Finder:
    """Finds the nodes of one file by how their source text starts."""

    file: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", ast._splitlines_no_ff(self.text))  # type: ignore[attr-defined]

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                return node
        raise LookupError(name)

    def definition(self, name: str) -> Place:
        node = self.function(name)
        place = self.place(node)
        if not node.decorator_list:
            return place
        return Place(
            self.file, node.decorator_list[0].lineno, place.column, place.end_line, place.end_column
        )

    def expression(self, function: str, start: str, nth: int = 1) -> Place:
        """The smallest expression in `function` whose text starts with `start`; the `nth` place where one does."""
        return self.place(self._find(function, start, nth, ast.expr))

    def call(self, function: str, start: str, nth: int = 1) -> Place:
        """The same for calls only."""
        return self.place(self._find(function, start, nth, ast.Call))

    def step(self, function: str, start: str, nth: int = 1) -> str:
        """The id of the statement that starts so; `STATEMENT ~ CALL = name` is a part of it, called so."""
        if " ~ " in start:
            statement, _, part = start.partition(" ~ ")
            call, _, name = part.rpartition(" = ")
            return str(AsideId(self.step(function, statement), self.call(function, call), name))
        place = self.place(self._find(function, start, nth, ast.stmt))
        return f"{place.line}:{place.column}"

    def _find(self, function: str, start: str, nth: int, kind: type[ast.AST]) -> ast.AST:
        found: dict[tuple[int, int], tuple[int, ast.AST]] = {}
        for node in ast.walk(self.function(function)):
            if isinstance(node, kind):
                segment = ast.get_source_segment(self.text, node) or ""
                key = (node.lineno, node.col_offset)
                if segment.startswith(start) and len(segment) < found.get(key, (10**9,))[0]:
                    found[key] = (len(segment), node)
        if len(found) < nth:
            raise LookupError(f"{start!r} in {function}")
        return found[sorted(found)[nth - 1]][1]

    def place(self, node: ast.AST) -> Place:
        def characters(line: int, column: int) -> int:
            return len(self.lines[line - 1].encode()[:column].decode())

        return Place(
            self.file,
            node.lineno,
            characters(node.lineno, node.col_offset),
            node.end_lineno,
            characters(node.end_lineno, node.end_col_offset),
        )


def await_from(finder: Finder, function: str, entry: Mapping[str, Any]) -> Await:
    place = finder.call(function, entry["at"], entry.get("nth", 1))
    return Await(place, entry["form"], entry.get("name", ""))


def branch_from(finder: Finder, function: str, entry: Mapping[str, Any]) -> Branch:
    return Branch(
        entry.get("name", ""),
        tuple(finder.step(function, step) for step in entry.get("steps", ())),
        tuple(entry.get("exports", ())),
        tuple(entry.get("loads", ())),
    )


def group_from(finder: Finder, function: str, entry: Mapping[str, Any]) -> Group:
    return Group(
        finder.step(function, entry["anchor"]),
        tuple(branch_from(finder, function, branch) for branch in entry["branches"]),
        entry.get("note", ""),
        tuple(finder.step(function, step) for step in entry.get("hoisted", ())),
    )


def loop_from(finder: Finder, function: str, entry: Mapping[str, Any]) -> Loop:
    return Loop(
        finder.step(function, entry["step"]),
        await_from(finder, function, entry["operation"]),
        entry.get("limit", 10),
        entry.get("note", ""),
    )


def function_from(finder: Finder, entry: Mapping[str, Any]) -> FunctionPlan:
    name = entry["function"]

    def each(key: str, make: Callable[[Finder, str, Mapping[str, Any]], Any]) -> tuple[Any, ...]:
        return tuple(make(finder, name, item) for item in entry.get(key, ()))

    return FunctionPlan(
        function=f"{finder.file.removesuffix('.py').replace('/', '.')}:{entry.get('id', name)}",
        file=finder.file,
        place=finder.definition(name),
        name=entry.get("name", name),
        twin=entry.get("twin", False),
        callers=tuple(entry.get("callers", ())),
        is_async=entry.get("is_async", True),
        awaits=each("awaits", await_from),
        groups=each("groups", group_from),
        loops=each("loops", loop_from),
        atomics=each("atomics", lambda f, n, e: AtomicBlock(f.expression(n, e["at"]))),
    )


@dataclass(frozen=True)
class Workshop:
    """A project in a folder, and plans for it."""

    root: Path

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def finder(self, path: str, encoding: str = "utf-8") -> Finder:
        return Finder(path, (self.root / path).read_bytes().decode(encoding))

    def function(self, path: str, entry: Mapping[str, Any]) -> FunctionPlan:
        return function_from(self.finder(path), entry)

    def plan(
        self,
        functions: Sequence[FunctionPlan],
        views: Mapping[str, Sequence[str]] | None = None,
        adoption: Adoption | None = None,
    ) -> Plan:
        """A plan of one view for each function, or of the views with the given functions."""
        if views is None:
            views = {f"view.{function.function}": (function.function,) for function in functions}
        return Plan(
            project=Project(str(self.root), "settings", (), None, "6.1", "3.13", (), (), ()),
            views=tuple(
                ViewPlan(view, "convert", (), Prediction((), ()), tuple(ids))
                for view, ids in views.items()
            ),
            functions=tuple(functions),
            adoption=adoption,
            files=tuple(self._hashes()),
        )

    def _hashes(self) -> Iterator[SourceFile]:
        for path in sorted(self.root.rglob("*.py")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield SourceFile(path.relative_to(self.root).as_posix(), digest)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def functions_in() -> Callable[[Path, str], list[FunctionPlan]]:
    """The functions planned in a golden case's `plan.toml`, found in its `before.py`."""

    def read(folder: Path, text: str) -> list[FunctionPlan]:
        entries = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))["functions"]
        return [function_from(Finder("views.py", text), entry) for entry in entries]

    return read
