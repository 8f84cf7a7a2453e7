"""Expressions that are taken from their statement and assigned to a name in front of it."""

from dataclasses import dataclass, field

import libcst as cst

from unblocker.records.asides import AsideId
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import code_of, moved_out
from unblocker.rewrite.names import free_name
from unblocker.rewrite.tree import Statement


@dataclass(slots=True)
class Aside:
    """One such expression.

    Attributes:
        statement: the statement that it stands in.
        name: the name that takes its place.
        indent: how much further in the expression's first line is than the statement's.
    """

    statement: Statement
    name: str
    original: cst.BaseExpression
    indent: str
    _edited: cst.BaseExpression = field(init=False)

    def __post_init__(self) -> None:
        self._edited = self.original

    def take(self, node: cst.CSTNode) -> cst.CSTNode:
        """The edit by which the expression gives its place to the name."""
        if isinstance(node, cst.BaseExpression):
            self._edited = node
        return cst.Name(self.name)

    def item(self) -> Item:
        """The assignment, as if it had stood in the source."""
        before = _assignment(self.name, self.original)
        value = moved_out(_standing_alone(self._edited), self.indent)
        after = _assignment(self.name, value)
        return Item(before, cst.SimpleStatementLine([after]))


def take_aside(
    draft: Draft, definition: cst.FunctionDef, statement: Statement, aside: AsideId
) -> Aside | None:
    """Let `draft` put a name in the place of the expression; None where the source has none there."""
    expression = draft.tree.expression_at(aside.place)
    if expression is None:
        return None
    taken = draft.taken_in(definition)
    indent = _indent(draft, expression).removeprefix(_indent(draft, statement))
    found = Aside(statement, free_name(aside.name, taken), expression, indent)
    taken.add(found.name)
    draft.on(expression, found.take)
    return found


def _indent(draft: Draft, node: cst.CSTNode) -> str:
    """What the line on which the node starts is indented by."""
    line = draft.tree.offsets.text.splitlines()[draft.tree.place_of(node).line - 1]
    return line[: len(line) - len(line.lstrip())]


def _assignment(name: str, value: cst.BaseExpression) -> cst.Assign:
    return cst.Assign([cst.AssignTarget(cst.Name(name))], value)


def _standing_alone(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value without the parentheses that an `await` needs inside of others, with those that its lines need."""
    bare = value.with_changes(lpar=(), rpar=()) if isinstance(value, cst.Await) else value
    try:
        compile(f"async def f(): return {code_of(bare)}", "", "exec")
    except SyntaxError:
        return bare.with_changes(lpar=(cst.LeftParen(),), rpar=(cst.RightParen(),))
    return bare
