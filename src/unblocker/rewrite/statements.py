"""Parts of a statement: what it assigns, to what, and the comments around it."""

from collections.abc import Sequence

import libcst as cst

from unblocker.rewrite.tree import Statement


def small_statement(statement: Statement | cst.BaseStatement) -> cst.BaseSmallStatement | None:
    """The simple statement, or the only one of its line; None for a compound statement or a line of several."""
    if isinstance(statement, cst.BaseSmallStatement):
        return statement
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def assigned_value(statement: cst.BaseSmallStatement | None) -> cst.BaseExpression | None:
    """The value of an assignment to one target or of an expression statement; None for any other."""
    if isinstance(statement, cst.Assign):
        return statement.value if len(statement.targets) == 1 else None
    if isinstance(statement, cst.AnnAssign | cst.Expr):
        return statement.value
    return None


def assigned_target(statement: cst.BaseSmallStatement | None) -> cst.BaseExpression | None:
    """The one target of an assignment; None for any other statement."""
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        return statement.targets[0].target
    return statement.target if isinstance(statement, cst.AnnAssign) else None


def bare_annotation(statement: cst.BaseSmallStatement | None) -> cst.SimpleStatementLine | None:
    """`x: T` for `x: T = …`; None for any other statement."""
    if not isinstance(statement, cst.AnnAssign):
        return None
    annotation = statement.with_changes(
        value=None, equal=cst.MaybeSentinel.DEFAULT, semicolon=cst.MaybeSentinel.DEFAULT
    )
    return cst.SimpleStatementLine([annotation])


def leading_lines(statement: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    """The blank lines and comments above the statement."""
    lines: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return lines


def comments_above(statement: cst.BaseStatement) -> tuple[str, ...]:
    """The comments above the statement, top down."""
    return tuple(line.comment.value for line in leading_lines(statement) if line.comment)


def comment_behind(statement: cst.BaseStatement) -> str:
    """The comment on the statement's own line; empty where there is none."""
    if isinstance(statement, cst.SimpleStatementLine) and statement.trailing_whitespace.comment:
        return statement.trailing_whitespace.comment.value
    return ""


def blank_lines_above(statement: cst.BaseStatement) -> list[cst.EmptyLine]:
    """The blank lines directly above the statement or its comments."""
    lines = leading_lines(statement)
    count = next((i for i, line in enumerate(lines) if line.comment), len(lines))
    return list(lines[:count])


def with_blank_lines[T: cst.BaseStatement](statement: T, blank: Sequence[cst.EmptyLine]) -> T:
    """The statement and its comments with `blank` above them in place of what was there."""
    rest = leading_lines(statement)[len(blank_lines_above(statement)) :]
    return statement.with_changes(leading_lines=[*blank, *rest])
