"""What a module's code mentions: the names it reads, found without reading more of it than the lines they stand in."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.survey.blocks import COMPOUND, statements
from unblocker.survey.lines import children_at, lines_with, stands_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unblocker.records.places import Place
    from unblocker.survey.sources import Definition, Source

_TELLING = frozenset({ast.Name, ast.Attribute, ast.Constant})
_RENAMED = re.compile(r"(\w+)\s+as\s+(\w+)\s*(?=[,)#;\\]|$)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A dotted name (or, after a dot alone, an attribute of something unknown) and where it stands.

    `called`: it is what a call calls.
    """

    dotted: str
    place: Place
    holder: str | None
    is_test: bool
    called: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are looked for.

    Attributes:
        telling: a line without any of them mentions nothing that is wanted.
        last: the last part of every wanted name.
        whole: the wanted names, with their modules.
    """

    telling: frozenset[str]
    last: frozenset[str]
    whole: frozenset[str]

    def renamed(self, texts: Iterable[str]) -> Words:
        """These, and the names that imports give them (`import a as b`)."""
        told = (line for text in texts if " as " in text for line in text.split("\n"))
        pairs = [pair for line in told if " as " in line for pair in _RENAMED.findall(line)]
        telling, last = set(self.telling), set(self.last)
        size = -1
        while size != len(telling) + len(last):
            size = len(telling) + len(last)
            telling |= {new for old, new in pairs if old in telling}
            last |= {new for old, new in pairs if old in last}
        return Words(frozenset(telling), frozenset(last), self.whole)


class File:
    """One module: what its names stand for, and what it mentions."""

    def __init__(self, source: Source, module: str, words: Words, *, is_package: bool) -> None:
        self.source = source
        self.module = module
        self.is_test = is_test(source.name)
        self._words = words
        self._lines = lines_with(source, words.telling)
        package = module if is_package else module.rpartition(".")[0]
        self.imported: dict[str, str] = {}
        for node in _imports(source):
            self.imported.update(_imported(node, package))
        self.defined = {
            node.name
            for node in source.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }

    @property
    def aliases(self) -> dict[str, str]:
        """What others can import from here that is defined elsewhere."""
        return {
            f"{self.module}.{name}": target
            for name, target in self.imported.items()
            if name not in self.defined
        }

    def mentions(self) -> Iterator[Mention]:
        """Every name that the module reads whose last part is among the words, in order."""
        if not self._lines:
            return
        identities = {node: name for name, node in self.source.definitions.values()}
        waiting: list[tuple[ast.AST, Definition | None]] = [(self.source.tree, None)]
        called: set[ast.AST] = set()
        while waiting:
            node, holder = waiting.pop()
            if isinstance(node, ast.Call):
                called.add(node.func)
            if node.__class__ in _TELLING and self._is_wanted(node):
                dotted = self._dotted(node, holder)
                if dotted is not None:
                    within = f"{self.module}:{identities[holder]}" if holder is not None else None
                    place, is_called = self.source.place(node), node in called
                    yield Mention(dotted, place, within, self.is_test, is_called)
            waiting += reversed(self._inside(node, holder))

    def _inside(
        self, node: ast.AST, holder: Definition | None
    ) -> list[tuple[ast.AST, Definition | None]]:
        """What stands in the node at the lines that matter, and the outermost function that holds it."""
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return [(child, holder) for child in children_at(node, self._lines)]
        outside = [(part, holder) for part in (*node.decorator_list, node.args)]
        body = [one for one in node.body if stands_at(one, self._lines)]
        return outside + [(one, holder or node) for one in body]

    def _is_wanted(self, node: ast.AST) -> bool:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return name in self._words.last
            case ast.Constant(value=str(text)):
                return text.rpartition(".")[2] in self._words.last
            case _:
                return False

    def _dotted(self, node: ast.AST, holder: Definition | None) -> str | None:
        if isinstance(node, ast.Constant):
            return _path(str(node.value))
        names: list[str] = []
        while isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            names.append(node.attr)
            node = node.value
        whole = None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            whole = self._global(node.id, ".".join(["", *reversed(names)]), holder)
        return whole or (f".{names[0]}" if names else None)

    def _global(self, name: str, rest: str, holder: Definition | None) -> str | None:
        """What `name.rest` stands for, if not for a local's attribute."""
        if name in self.imported:
            return self.imported[name] + rest
        own = f"{self.module}.{name}{rest}"
        matters = not rest or own in self._words.whole
        is_local = matters and holder is not None and name in self.source.local_names(holder)
        return None if is_local else own


def _path(text: str) -> str | None:
    is_path = text.isascii() and "." in text and text.replace(".", "").isidentifier()
    return text if is_path else None


def _imports(source: Source) -> Iterator[ast.AST]:
    """The imports, outer ones first."""
    waiting: list[ast.AST] = [source.tree]
    for node in waiting:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif node.__class__ in COMPOUND:
            waiting += statements(node)


def is_test(name: str) -> bool:
    """Whether a file is part of a test suite."""
    *folders, file = name.split("/")
    return (
        bool({"tests", "test"}.intersection(folders))
        or file.startswith("test")
        or file == "conftest.py"
    )


def _imported(node: ast.AST, package: str) -> dict[str, str]:
    """The names that an import binds, and what they stand for."""
    if isinstance(node, ast.ImportFrom):
        origin = _origin(node, package)
        return {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
    names: dict[str, str] = {}
    for alias in node.names if isinstance(node, ast.Import) else ():
        top = alias.name.partition(".")[0]
        names[alias.asname or top] = alias.name if alias.asname else top
    return names


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    base = package.split(".")
    kept = ".".join(base[: len(base) - node.level + 1])
    return f"{kept}.{node.module}" if node.module else kept
