"""The folders that a manage.py adds to `sys.path`, read from its source without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAME = frozenset(
    {"abspath", "realpath", "normpath", "resolve", "absolute", "Path", "str", "fspath"}
)
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Added:
    """A folder, and whether it goes before all others."""

    folder: Path
    first: bool


def added_folders(manage: Path) -> tuple[Added, ...]:
    """What manage.py puts into `sys.path`, in order; folders that its source does not tell are left out.

    Raises:
        SyntaxError, ValueError: it is not valid Python.
    """
    tree = ast.parse(manage.read_bytes(), filename=str(manage))
    reader = _Reader(manage.resolve(), _assigned(tree))
    return tuple(reader.added(tree))


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """The names that are assigned once, wherever in the file, with their expressions."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


@dataclass(slots=True)
class _Reader:
    file: Path
    names: dict[str, ast.expr]
    steps: int = 0

    def added(self, tree: ast.Module) -> Iterator[Added]:
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="path"), attr="insert"),
                    args=[ast.Constant(value=int(at)), folder],
                ):
                    yield from self._folder(folder, first=at == 0)
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="path"), attr="append"),
                    args=[folder],
                ):
                    yield from self._folder(folder, first=False)

    def _folder(self, node: ast.expr, *, first: bool) -> Iterator[Added]:
        self.steps = 0
        told = self._path(node)
        if told is not None:
            folder = (self.file.parent / told).resolve()
            if folder.is_dir():
                yield Added(folder, first)

    def _path(self, node: ast.expr) -> Path | None:
        """The path that an expression gives; None where it is not told by the source alone."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return None
        match node:
            case ast.Name(id="__file__"):
                return self.file
            case ast.Name(id=name) if name in self.names:
                return self._path(self.names[name])
            case ast.Constant(value=str(text)):
                return Path(text)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined([left, right])
            case ast.Attribute(value=inner, attr="parent"):
                return self._up(inner, 1)
            case ast.Subscript(
                value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(at))
            ):
                return self._up(inner, at + 1)
            case ast.Call():
                return self._called(node)
            case _:
                return None

    def _called(self, node: ast.Call) -> Path | None:
        match node:
            case ast.Call(func=ast.Attribute(attr="getcwd" | "cwd"), args=[]):
                return self.file.parent
            case ast.Call(func=ast.Attribute(attr="join" | "joinpath") as function, args=parts):
                is_method = function.attr == "joinpath"
                return self._joined([function.value, *parts] if is_method else parts)
            case ast.Call(func=ast.Attribute(attr="dirname"), args=[inner]):
                return self._up(inner, 1)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[inner]) if (
                name in _SAME
            ):
                return self._path(inner)
            case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[]) if name in _SAME:
                return self._path(inner)
            case _:
                return None

    def _joined(self, nodes: list[ast.expr]) -> Path | None:
        parts = [self._path(node) for node in nodes]
        known = [part for part in parts if part is not None]
        return Path(*known) if known and len(known) == len(parts) else None

    def _up(self, node: ast.expr, levels: int) -> Path | None:
        found = self._path(node)
        if found is None:
            return None
        whole = self.file.parent / found
        return whole.parents[levels - 1] if levels <= len(whole.parents) else None
