"""The expression that a frame stands at: by the carets below its line, or by what the line can only mean."""

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from unblocker.explain.reports import Frame
from unblocker.explain.source_files import SourceFile, SourceFiles
from unblocker.records.places import Place

type Function = ast.FunctionDef | ast.AsyncFunctionDef
_BEFORE = "async def _():\n "


@dataclass(frozen=True, slots=True)
class Spot:
    """One line of the project in a traceback.

    Attributes:
        text: the source in which the nodes stand: the whole file, or only what the traceback prints.
        node: the expression that runs; None where it could not be told from the rest of the line.
        statement: the innermost statement of the line.
        definition: the function around it; None where the file can't be read, or at module level.
    """

    place: Place
    function: str
    line: str
    text: str
    node: ast.expr | None
    statement: ast.stmt | None
    definition: Function | None
    has_file: bool

    def segment(self, node: ast.AST | None) -> str:
        """The node's source, on one line."""
        if node is None:
            return ""
        return " ".join((ast.get_source_segment(self.text, node) or "").split())

    def at(self, node: ast.expr | None) -> Place:
        """Where another expression of the same source stands; the spot's own place where only a print is known."""
        return (
            _place(self.place.file, self.place.line, self.text, node)
            if self.has_file and node
            else self.place
        )

    @property
    def is_async(self) -> bool | None:
        """Whether `await` may be written there; None where that is not known."""
        if isinstance(self.definition, ast.AsyncFunctionDef):
            return True
        return False if self.has_file else None

    def expressions(self) -> Iterator[ast.expr]:
        """The expressions of the line, the marked one and its parts first."""
        for start in (self.node, self.statement):
            if start is not None:
                yield from expressions_of(start)


def spot_of(frame: Frame, sources: SourceFiles, *, carets: bool) -> Spot:
    """Where the frame stands; from the file where it still holds what the traceback prints, else from the print.

    `carets` says that the traceback has them: then a line without is one call and nothing else.
    """
    source = sources.find(frame.file)
    if source is not None and (line := _line_in(source, frame)):
        return _in_file(frame, source, line, carets=carets)
    return _in_print(frame, sources.name(frame.file), carets=carets)


def spot_at(name: str, text: str, node: ast.expr) -> Spot:
    """The spot of an expression that was found in a file by itself."""
    tree = ast.parse(text)
    definition = _around(tree, node.lineno)
    return Spot(
        place=_place(name, node.lineno, text, node),
        function=definition.name if definition else "",
        line=text.splitlines()[node.lineno - 1].strip(),
        text=text,
        node=node,
        statement=_statement(tree, node.lineno),
        definition=definition,
        has_file=definition is not None,
    )


def expressions_of(node: ast.AST) -> Iterator[ast.expr]:
    """A statement's or expression's expressions, without those of the statements inside it."""
    if isinstance(node, ast.expr):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from expressions_of(child)


def _line_in(source: SourceFile, frame: Frame) -> int:
    """The line of the file, also where lines were added above it since; 0 where it is there no more."""
    wanted = frame.source[0].strip() if frame.source else ""
    if not wanted:
        return frame.line if frame.line <= len(source.lines) else 0
    same = [number for number, line in enumerate(source.lines, 1) if line.strip() == wanted]
    if frame.line in same:
        return frame.line
    return same[0] if len(same) == 1 else 0


def _in_file(frame: Frame, source: SourceFile, line: int, *, carets: bool) -> Spot:
    node, statement = _marked(source.tree, source.lines, frame, line, carets=carets)
    definition = _around(source.tree, line)
    own = source.lines[line - 1]
    return Spot(
        place=_place(source.name, line, source.text, node),
        function=frame.function or (definition.name if definition else ""),
        line=own.strip(),
        text=source.text,
        node=node,
        statement=statement,
        definition=definition,
        has_file=True,
    )


def _in_print(frame: Frame, name: str, *, carets: bool) -> Spot:
    text, tree = _fragment(frame.source)
    node, statement = (None, None)
    if tree is not None:
        node, statement = _marked(tree, text.splitlines(), frame, 2, carets=carets)
    return Spot(
        place=Place(name, frame.line, 0, frame.line, 0),
        function=frame.function,
        line=frame.source[0].strip() if frame.source else "",
        text=text,
        node=node,
        statement=statement,
        definition=None,
        has_file=False,
    )


def _fragment(source: tuple[str, ...]) -> tuple[str, ast.Module | None]:
    """The printed lines as code that parses; a compound statement's first line gets a body."""
    text = textwrap.dedent("\n".join(source)).strip()
    for head, tail in (
        ("", ""),
        ("", " pass"),
        ("if 0: pass\n ", " pass"),
        ("try: pass\n ", " pass"),
    ):
        whole = f"{_BEFORE}{head}{text}{tail}".replace("if 0: pass\n elif", "if", 1)
        try:
            return whole, ast.parse(whole)
        except SyntaxError:
            continue
    return text, None


def _place(name: str, line: int, text: str, node: ast.expr | None) -> Place:
    if node is None:
        return Place(name, line, 0, line, 0)
    lines = text.splitlines()
    return Place(
        name,
        node.lineno,
        _characters(lines, node.lineno, node.col_offset),
        node.end_lineno or node.lineno,
        _characters(lines, node.end_lineno or node.lineno, node.end_col_offset or 0),
    )


def _characters(lines: list[str], line: int, column: int) -> int:
    """The column in characters, of one in bytes."""
    return len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def _marked(
    tree: ast.AST, lines: list[str], frame: Frame, line: int, *, carets: bool
) -> tuple[ast.expr | None, ast.stmt | None]:
    """The expression that the carets mark, and the statement it stands in."""
    statement = _statement(tree, line)
    if frame.span is None or not frame.source:
        return _only_call(statement, carets=carets), statement
    first = lines[line - 1]
    shift = first.find(frame.source[0].strip()) - (
        len(frame.source[0]) - len(frame.source[0].lstrip())
    )
    span = frame.span
    wanted = (line + span.line, shift + span.column, line + span.end_line, shift + span.end_column)
    for node in ast.walk(statement or tree):
        if isinstance(node, ast.expr) and _extent(node, lines) == wanted:
            return node, statement
    return None, statement


def _extent(node: ast.expr, lines: list[str]) -> tuple[int, int, int, int]:
    end = node.end_lineno or node.lineno
    return (
        node.lineno,
        _characters(lines, node.lineno, node.col_offset),
        end,
        _characters(lines, end, node.end_col_offset or 0),
    )


def _only_call(statement: ast.stmt | None, *, carets: bool) -> ast.expr | None:
    """The value of `x = f()`, `return f()` or `f()`: Python prints no carets below a line that is nothing else."""
    match statement:
        case (
            ast.Assign(value=value)
            | ast.AugAssign(value=value)
            | ast.Expr(value=value)
            | ast.Return(value=ast.expr() as value)
        ):
            inner = value.value if isinstance(value, ast.Await) else value
            whole = carets and value.lineno == value.end_lineno
            return value if isinstance(inner, ast.Call) and (whole or _is_simple(inner)) else None
        case _:
            return None


def _is_simple(call: ast.Call) -> bool:
    """Whether no other call or attribute of it could be the one that runs."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return not any(
        isinstance(part, ast.Call | ast.Attribute | ast.Subscript | ast.comprehension)
        for argument in arguments
        for part in ast.walk(argument)
    )


def _statement(tree: ast.AST, line: int) -> ast.stmt | None:
    """The innermost statement that holds the line; of several that start in it, the outermost."""
    found: ast.stmt | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and _holds(node, line):
            found = node if found is None or node.lineno > found.lineno else found
    return found


def _around(tree: ast.AST, line: int) -> Function | None:
    """The innermost function that holds the line."""
    found: Function | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _holds(node, line):
            found = node
    return found


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)
