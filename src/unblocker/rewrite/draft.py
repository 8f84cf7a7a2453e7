"""One file's pending edits: what is to happen to which node, before anything is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from unblocker.records.places import Place
from unblocker.records.survey import Problem
from unblocker.rewrite.layout import Layout
from unblocker.rewrite.names import identifiers
from unblocker.rewrite.references import References
from unblocker.rewrite.tree import Statement, Tree

RUNTIME_NAMES = (
    "aatomic", "background", "gather", "http", "load", "offload", "overlap", "together", "unblock",
)  # fmt: skip

type Edit = Callable[[cst.CSTNode], cst.CSTNode]


@dataclass(frozen=True, slots=True)
class Item:
    """A statement of a block on its way: as it stood (None where it is new), and as it is now.

    `original` is the small statement where its line holds only one.
    """

    original: Statement | None
    node: cst.BaseStatement


type Weave = Callable[[Sequence[Item]], Sequence[Item]]


@dataclass(slots=True)
class Draft:
    """The edits of one file, gathered function by function and then carried out in one walk.

    Attributes:
        edits: what happens to a node once its children are done, in order.
        weaves: what happens to a block's list of statements once they are done, in order.
        split: small statements that need a line of their own.
        touched_lines: lines of simple statements with an edit in them.
        awaited: calls whose edit puts an `await` before them.
        converted_callees: names of functions whose calls become calls of their twins.
        asynchronous_items: items of `with` statements that become asynchronous.
        failed: ids of the functions that could not be rewritten.
    """

    tree: Tree
    references: References
    width: int
    edits: dict[cst.CSTNode, list[Edit]] = field(default_factory=dict)
    weaves: dict[cst.CSTNode, list[Weave]] = field(default_factory=dict)
    split: set[cst.CSTNode] = field(default_factory=set)
    touched_lines: set[cst.CSTNode] = field(default_factory=set)
    awaited: set[cst.CSTNode] = field(default_factory=set)
    converted_callees: set[cst.CSTNode] = field(default_factory=set)
    asynchronous_items: set[cst.CSTNode] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    _taken: dict[cst.FunctionDef, set[str]] = field(default_factory=dict)

    def on(self, node: cst.CSTNode, edit: Edit) -> None:
        """Let `edit` change `node` after what is inside it has been changed."""
        self.edits.setdefault(node, []).append(edit)
        for around in self.tree.ancestors(node):
            if isinstance(around, cst.BaseStatement):
                if isinstance(around, cst.SimpleStatementLine):
                    self.touched_lines.add(around)
                break

    def in_block(self, block: cst.CSTNode, weave: Weave) -> None:
        """Let `weave` rearrange the statements of `block`."""
        self.weaves.setdefault(block, []).append(weave)

    def problem(self, code: str, text: str, place: Place | None) -> None:
        """Record what could not be written."""
        self.problems.append(Problem(code, text, place))

    def fail(self, function: str, code: str, text: str, place: Place | None) -> None:
        """Record that `function` can't be rewritten at all."""
        self.problem(code, text, place)
        self.failed.add(function)

    def block_of(self, statement: Statement) -> cst.CSTNode:
        """The block (`IndentedBlock`, `SimpleStatementSuite` or `Module`) that holds `statement`."""
        parent = self.tree.parents[statement]
        if isinstance(parent, cst.SimpleStatementLine):
            return self.tree.parents[parent]
        return parent

    def layout_in(self, block: cst.CSTNode) -> Layout:
        """How lines look in `block`; a suite behind a colon is taken for the block that it would become."""
        default = self.tree.module.default_indent
        step = getattr(block, "indent", None) or default
        indent = "" if isinstance(block, cst.Module) else step
        for around in self.tree.ancestors(block):
            if isinstance(around, cst.IndentedBlock):
                indent = (around.indent or default) + indent
        return Layout(indent, step, self.width)

    def taken_in(self, function: cst.FunctionDef) -> set[str]:
        """The names that a new local of `function` must not have; whoever makes one adds it."""
        if function not in self._taken:
            aliases = {need.alias for need in self.references.needs}
            imported = set(self.references.local_names.values())
            self._taken[function] = {*identifiers(function), *aliases, *imported, *RUNTIME_NAMES}
        return self._taken[function]
