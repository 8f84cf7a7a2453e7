"""Who else names a function: every place in the project's files, tests included."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unblocker.records.survey import Reference, ReferenceKind
from unblocker.survey.names import local_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from unblocker.records.places import Place
    from unblocker.survey.sources import Definition, Source, Sources


@dataclass(frozen=True, slots=True)
class Mention:
    """A dotted name (or, after a dot alone, an attribute of something unknown) and where it stands."""

    dotted: str
    place: Place
    holder: str | None
    is_test: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What references are looked for.

    Attributes:
        functions: the ids of the functions that were read.
        methods: those of them that are methods.
        handlers: those that only Django calls, by HTTP method.
        calls: for each function, where functions that were read call it, and which do.
    """

    functions: frozenset[str]
    methods: frozenset[str]
    handlers: frozenset[str]
    calls: Mapping[str, Mapping[Place, str]]


def find_references(sources: Sources, wanted: Wanted) -> dict[str, tuple[Reference, ...]]:
    """For each wanted function, where the project names it outside itself.

    Names are followed through imports and re-exports; texts count where they are a function's dotted path, as
    `mock.patch` is given. A method counts where it was seen to be called and, in code that was not read, wherever an
    attribute of its name is: rather one reference too many than one too few.
    """
    modules = list(_modules(sources))
    aliases = {name: target for file in modules for name, target in file.aliases.items()}
    by_dotted = {identity.replace(":", "."): identity for identity in wanted.functions}
    by_attribute: dict[str, list[str]] = {}
    for identity in wanted.methods - wanted.handlers:
        name = identity.rpartition(".")[2]
        if not name.startswith("__"):
            by_attribute.setdefault(name, []).append(identity)
    found: dict[str, dict[Place, Mention]] = {identity: {} for identity in wanted.functions}
    for file in modules:
        for mention in file.mentions():
            exact = by_dotted.get(_follow(mention.dotted, aliases))
            last = mention.dotted.rpartition(".")[2]
            guessed = [] if mention.holder in wanted.functions else by_attribute.get(last, [])
            for identity in [exact] if exact else guessed:
                if identity != mention.holder:
                    found[identity][mention.place] = mention
    for identity in wanted.methods:
        for place, holder in wanted.calls.get(identity, {}).items():
            if holder != identity:
                found[identity][place] = Mention("", place, holder, is_test(place.file))
    return _references(found)


def _references(found: dict[str, dict[Place, Mention]]) -> dict[str, tuple[Reference, ...]]:
    views = _reached_by_views_only(
        {key: list(mentions.values()) for key, mentions in found.items()}
    )
    return {
        identity: tuple(_reference(mentions[place], views) for place in sorted(mentions))
        for identity, mentions in found.items()
    }


def _reached_by_views_only(found: dict[str, list[Mention]]) -> frozenset[str]:
    only = set(found)
    while True:
        others = {
            identity for identity in only
            if any(mention.holder and mention.holder not in only and not mention.is_test for mention in found[identity])
        }  # fmt: skip
        if not others:
            return frozenset(only)
        only -= others


def _reference(mention: Mention, views: frozenset[str]) -> Reference:
    kind: ReferenceKind
    if mention.is_test:
        kind = "test"
    elif mention.holder is None:
        kind = "module"
    else:
        kind = "view" if mention.holder in views else "function"
    return Reference(mention.place, kind, mention.holder)


def is_test(name: str) -> bool:
    """Whether a file is part of a test suite."""
    *folders, file = name.split("/")
    return (
        bool({"tests", "test"}.intersection(folders))
        or file.startswith("test")
        or file == "conftest.py"
    )


def _follow(dotted: str, aliases: dict[str, str]) -> str:
    """The name that something is defined under, through re-exports."""
    for _ in range(10):
        head, rest = dotted, ""
        while head and head not in aliases:
            head, _, last = head.rpartition(".")
            rest = f".{last}{rest}"
        if not head or aliases[head] == head:
            return dotted
        dotted = aliases[head] + rest
    return dotted


def _modules(sources: Sources) -> Iterator[File]:
    loaded = {
        str(Path(path).resolve()): name
        for name, module in list(sys.modules.items())
        if isinstance(path := getattr(module, "__file__", None), str) and name != "__main__"
    }
    for path in sources.project_files():
        source = sources.read(path)
        if source is not None:
            name = loaded.get(str(path)) or sources.module_name(source)
            yield File(source, name, is_package=path.name == "__init__.py")


class File:
    """One module: what its names stand for, and what it mentions."""

    def __init__(self, source: Source, module: str, *, is_package: bool) -> None:
        self.source = source
        self.module = module
        self.is_test = is_test(source.name)
        package = module if is_package else module.rpartition(".")[0]
        self.imported: dict[str, str] = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                origin = _origin(node, package)
                self.imported.update(
                    {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
                )
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self.imported[alias.asname or top] = alias.name if alias.asname else top
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
        """Every name that the module reads, in order."""
        identities = {
            id(node): f"{self.module}:{name}" for name, node in self.source.definitions.values()
        }
        yield from self._visit(self.source.tree, None, identities)

    def _visit(
        self, node: ast.AST, holder: Definition | None, identities: dict[int, str]
    ) -> Iterator[Mention]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for outside in (*node.decorator_list, node.args):
                yield from self._visit(outside, holder, identities)
            for statement in node.body:
                yield from self._visit(statement, holder or node, identities)
            return
        dotted = self._dotted(node, holder)
        if dotted is not None:
            identity = identities.get(id(holder)) if holder is not None else None
            yield Mention(dotted, self.source.place(node), identity, self.is_test)
        for child in ast.iter_child_nodes(node):
            yield from self._visit(child, holder, identities)

    def _dotted(self, node: ast.AST, holder: Definition | None) -> str | None:
        match node:
            case ast.Constant(value=str(text)) if (
                text.isascii() and text.replace(".", "").isidentifier()
            ):
                return text if "." in text else None
            case ast.Name(id=name, ctx=ast.Load()):
                return self._global(name, holder)
            case ast.Attribute(value=value, attr=name, ctx=ast.Load()):
                base = (
                    self._dotted(value, holder)
                    if isinstance(value, ast.Name | ast.Attribute)
                    else None
                )
                return f".{name}" if base is None or base.startswith(".") else f"{base}.{name}"
            case _:
                return None

    def _global(self, name: str, holder: Definition | None) -> str | None:
        if holder is not None and name not in self.imported and name in local_names(holder):
            return None
        return self.imported.get(name, f"{self.module}.{name}")


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    base = package.split(".")
    kept = ".".join(base[: len(base) - node.level + 1])
    return f"{kept}.{node.module}" if node.module else kept
