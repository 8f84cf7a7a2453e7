"""What a dotted name is called in a file: through an import that is there, or one that is to be added."""

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from unblocker.rewrite.names import free_name, identifiers

KEPT_AS_MODULES = ("django_unblock.http",)


@dataclass(frozen=True, slots=True)
class Need:
    """`from <module> import <name> as <alias>` is to be added; the module has its leading dots."""

    module: str
    name: str
    alias: str


class References:
    """The module-level imports of one file, and those that its edits need."""

    def __init__(self, module: cst.Module) -> None:
        self._identifiers = identifiers(module)
        self.needs: dict[Need, None] = {}
        self.local_names: dict[str, str] = {}
        self._from: dict[str, tuple[str, str]] = {}
        self.statements = tuple(import_statements(module))
        for statement in self.statements:
            if isinstance(statement, cst.Import):
                self._read_import(statement)
            else:
                self._read_from(statement)
        self._dotted = {local: dotted for dotted, local in self.local_names.items()}

    def _read_import(self, statement: cst.Import) -> None:
        for alias in statement.names:
            name = alias.evaluated_name
            if alias.asname or "." not in name:
                self.local_names[name] = alias.evaluated_alias or name
            else:
                self.local_names[name.partition(".")[0]] = name.partition(".")[0]

    def _read_from(self, statement: cst.ImportFrom) -> None:
        module = module_text(statement)
        for name, local in imported_names(statement):
            self.local_names[f"{module}.{name}"] = local
            self._from[local] = (module, name)

    def origin(self, local: str) -> tuple[str, str] | None:
        """The `(module, name)` that a module-level from-import binds to `local`."""
        return self._from.get(local)

    def dotted(self, expression: cst.BaseExpression) -> str | None:
        """The dotted name that `expression` stands for, as far as module-level imports tell."""
        if isinstance(expression, cst.Name):
            return self._dotted.get(expression.value)
        if isinstance(expression, cst.Attribute):
            base = self.dotted(expression.value)
            return None if base is None else f"{base}.{expression.attr.value}"
        return None

    def name(self, dotted: str, instead_of: cst.BaseExpression | None = None) -> cst.BaseExpression:
        """An expression for `dotted`, importing what it needs; a name without dots stands for itself.

        Where `instead_of` is an attribute of the module that also holds `dotted`, only the attribute changes.
        """
        thing, rest = _split(dotted)
        module, _, name = thing.rpartition(".")
        if not module:
            return cst.Name(dotted)
        if (
            isinstance(instead_of, cst.Attribute)
            and not rest
            and self.dotted(instead_of.value) == module
        ):
            return instead_of.with_changes(attr=cst.Name(name))
        expression: cst.BaseExpression = cst.Name(self.imported(module, name))
        for part in rest:
            expression = cst.Attribute(expression, cst.Name(part))
        return expression

    def imported(self, module: str, name: str) -> str:
        """The local name of `name` imported from `module`, which is added where it is missing."""
        there = self.local_names.get(f"{module}.{name}")
        if there is not None:
            return there
        for need in self.needs:
            if (need.module, need.name) == (module, name):
                return need.alias
        alias = name
        if name in self._identifiers:
            prefix = module.rpartition(".")[2].removeprefix("django_")
            alias = free_name(f"{prefix}_{name}" if prefix else name, self._identifiers)
        self.needs[Need(module, name, alias)] = None
        return alias


def _split(dotted: str) -> tuple[str, tuple[str, ...]]:
    """What is imported, and the attributes that are taken from it."""
    for module in KEPT_AS_MODULES:
        if dotted.startswith(f"{module}."):
            return module, tuple(dotted.removeprefix(f"{module}.").split("."))
    return dotted, ()


def import_statements(module: cst.Module) -> Iterator[cst.Import | cst.ImportFrom]:
    """The import statements that stand directly in the module."""
    for line in module.body:
        if isinstance(line, cst.SimpleStatementLine):
            for statement in line.body:
                if isinstance(statement, cst.Import | cst.ImportFrom):
                    yield statement


def module_text(statement: cst.ImportFrom) -> str:
    """The module of a from-import with its leading dots: `..shop.models`."""
    dots = "." * len(statement.relative)
    return dots + dotted_text(statement.module) if statement.module else dots


def dotted_text(node: cst.BaseExpression) -> str:
    """`a.b.c` for the attribute that spells it; empty for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return f"{dotted_text(node.value)}.{node.attr.value}"
    return ""


def imported_names(statement: cst.ImportFrom) -> Iterator[tuple[str, str]]:
    """The `(name, local name)` pairs of a from-import; none for a star."""
    if isinstance(statement.names, cst.ImportStar):
        return
    for alias in statement.names:
        yield alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name
