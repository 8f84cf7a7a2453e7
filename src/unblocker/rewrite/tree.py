"""A parsed file whose nodes are found by where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from unblocker.records.places import Place
from unblocker.rewrite.splices import Offsets

type Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement


@dataclass(frozen=True, slots=True)
class Tree:
    """A module with its nodes by position; positions are those of the text it was parsed from."""

    file: str
    module: cst.Module
    offsets: Offsets
    ranges: Mapping[cst.CSTNode, CodeRange]
    parents: Mapping[cst.CSTNode, cst.CSTNode]
    expressions: Mapping[tuple[int, int, int, int], cst.BaseExpression]
    statements: Mapping[tuple[int, int], Statement]

    def expression_at(self, place: Place) -> cst.BaseExpression | None:
        """The expression that fills `place` exactly; parentheses around it don't count."""
        key = (place.line, place.column, place.end_line, place.end_column)
        return self.expressions.get(key)

    def statement_at(self, step: str) -> Statement | None:
        """The statement that starts at the step id `line:column`."""
        line, _, column = step.partition(":")
        return self.statements.get((int(line), int(column)))

    def function_at(self, place: Place) -> cst.FunctionDef | None:
        """The function whose definition starts at `place`, at its `def` or at its first decorator."""
        for node in self.statements.values():
            if isinstance(node, cst.FunctionDef) and (place.line, place.column) in self._starts(
                node
            ):
                return node
        return None

    def _starts(self, node: cst.FunctionDef) -> Iterator[tuple[int, int]]:
        for part in (node, *node.decorators[:1]):
            start = self.ranges[part].start
            yield start.line, start.column

    def place_of(self, node: cst.CSTNode) -> Place:
        """Where `node` of the original module stands."""
        found = self.ranges[node]
        return Place(
            self.file, found.start.line, found.start.column, found.end.line, found.end.column
        )

    def character_behind(self, node: cst.CSTNode) -> str:
        """The character that follows `node` in the source; empty at its end."""
        end = self.offsets.end(self.place_of(node))
        return self.offsets.text[end : end + 1]

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, from its parent to the module."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent


def parse(file: str, text: str) -> Tree:
    """The tree of `text`, which must not start with a BOM.

    Raises:
        libcst.ParserSyntaxError: the text is not Python.
    """
    module = cst.parse_module(text)
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    ranges = cast("Mapping[cst.CSTNode, CodeRange]", wrapper.resolve(PositionProvider))
    parents = cast("Mapping[cst.CSTNode, cst.CSTNode]", wrapper.resolve(ParentNodeProvider))
    expressions: dict[tuple[int, int, int, int], cst.BaseExpression] = {}
    statements: dict[tuple[int, int], Statement] = {}
    for node, found in ranges.items():
        start, end = found.start, found.end
        if isinstance(node, cst.BaseExpression):
            expressions[start.line, start.column, end.line, end.column] = node
        elif isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            statements[start.line, start.column] = node
    return Tree(file, module, Offsets(text), ranges, parents, expressions, statements)
