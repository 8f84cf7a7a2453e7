"""Import statements: names added where an import of their module stands, or in the order the file keeps."""

import sys
from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

import libcst as cst

from unblocker.rewrite.layout import BLANK
from unblocker.rewrite.references import Need, import_statements, imported_names, module_text
from unblocker.rewrite.statements import blank_lines_above, with_blank_lines

FUTURE, STANDARD, THIRD_PARTY, FIRST_PARTY, RELATIVE = range(5)


def with_name(statement: cst.ImportFrom, name: str, alias: str = "") -> cst.ImportFrom:
    """The from-import with `name` added, in its order where the names are sorted, else at the end."""
    names = statement.names
    if isinstance(names, cst.ImportStar) or name in dict(imported_names(statement)):
        return statement
    asname = cst.AsName(cst.Name(alias)) if alias and alias != name else None
    new = cst.ImportAlias(cst.Name(name), asname=asname)
    index = _index_for(name, [alias.evaluated_name for alias in names])
    return statement.with_changes(names=_inserted(statement, list(names), index, new))


def without_names(
    statement: cst.Import | cst.ImportFrom, names: Set[str]
) -> cst.Import | cst.ImportFrom | None:
    """The import without the local `names`; None where nothing would be left."""
    aliases = statement.names
    if isinstance(aliases, cst.ImportStar):
        return statement
    kept = [alias for alias in aliases if _local_name(alias) not in names]
    if not kept:
        return None
    if kept[-1] is not aliases[-1]:
        kept[-1] = kept[-1].with_changes(comma=aliases[-1].comma)
    return statement.with_changes(names=kept)


def _local_name(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name.partition(".")[0]


def _index_for(name: str, names: Sequence[str]) -> int:
    for key in (_by_type, _by_letter):
        if all(key(first) <= key(second) for first, second in pairwise(names)):
            return sum(key(other) < key(name) for other in names)
    return len(names)


def _by_letter(name: str) -> tuple[int, str]:
    return 0, name.casefold()


def _by_type(name: str) -> tuple[int, str]:
    """The default order of isort: constants, classes, the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def _inserted(
    statement: cst.ImportFrom, names: list[cst.ImportAlias], index: int, new: cst.ImportAlias
) -> list[cst.ImportAlias]:
    separator = _separator(statement, names)
    if index < len(names):
        names.insert(index, new.with_changes(comma=separator))
        return names
    last = names[-1]
    ending = last.comma
    if isinstance(ending, cst.Comma):
        names[-1] = last.with_changes(comma=_with_comment_of(separator, ending))
        ending = _without_comment(ending)
    else:
        names[-1] = last.with_changes(comma=separator)
    return [*names, new.with_changes(comma=ending)]


def _separator(statement: cst.ImportFrom, names: Sequence[cst.ImportAlias]) -> cst.Comma:
    """The comma between two names, as the statement has it."""
    if len(names) > 1 and isinstance(names[0].comma, cst.Comma):
        return _without_comment(names[0].comma)
    if statement.lpar is not None and isinstance(
        statement.lpar.whitespace_after, cst.ParenthesizedWhitespace
    ):
        return _without_comment(cst.Comma(whitespace_after=statement.lpar.whitespace_after))
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _without_comment(comma: cst.Comma) -> cst.Comma:
    space = comma.whitespace_after
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return comma
    return comma.with_changes(
        whitespace_after=space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())
    )


def _with_comment_of(comma: cst.Comma, other: cst.Comma) -> cst.Comma:
    space, commented = comma.whitespace_after, other.whitespace_after
    if isinstance(space, cst.ParenthesizedWhitespace) and isinstance(
        commented, cst.ParenthesizedWhitespace
    ):
        space = space.with_changes(
            first_line=commented.first_line, empty_lines=commented.empty_lines
        )
        return comma.with_changes(whitespace_after=space)
    return comma


def add_imports(
    module: cst.Module, needs: Iterable[Need], first_party: Set[str], width: int
) -> cst.Module:
    """The module with every needed name imported."""
    for need in needs:
        module = _extended(module, need, width) or _with_statement(module, need, first_party)
    return module


def _extended(module: cst.Module, need: Need, width: int) -> cst.Module | None:
    """The module with the name in an import that takes names from its module already, if there is one."""
    for statement in import_statements(module):
        if (
            isinstance(statement, cst.ImportFrom)
            and not isinstance(statement.names, cst.ImportStar)
            and module_text(statement) == need.module
        ):
            added = with_name(statement, need.name, need.alias)
            if statement.lpar is None and len(module.code_for_node(added)) > width:
                added = _one_name_a_line(added, module.default_indent)
            return cst.ensure_type(module.deep_replace(statement, added), cst.Module)
    return None


def _one_name_a_line(statement: cst.ImportFrom, indent: str) -> cst.ImportFrom:
    if isinstance(statement.names, cst.ImportStar):
        return statement
    newline = cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(indent))
    end = cst.ParenthesizedWhitespace()
    *others, last = statement.names
    names = [alias.with_changes(comma=cst.Comma(whitespace_after=newline)) for alias in others]
    names.append(last.with_changes(comma=cst.Comma(whitespace_after=end)))
    return statement.with_changes(
        lpar=cst.LeftParen(whitespace_after=newline), names=names, rpar=cst.RightParen()
    )


def _with_statement(module: cst.Module, need: Need, first_party: Set[str]) -> cst.Module:
    """The module with a statement of its own for the name, in its section and order."""
    alias = f" as {need.alias}" if need.alias != need.name else ""
    text = f"from {need.module} import {need.name}{alias}\n"
    statement = cst.ensure_type(cst.parse_statement(text), cst.SimpleStatementLine)
    body = list(module.body)
    start, end = _import_block(body)
    sections = [_section(line, first_party) for line in body[start:end]]
    own = _section(statement, first_party)
    before = [start + index for index, section in enumerate(sections) if section == own]
    if before:
        index = _index_in_section(body, before, need.module)
        if index == before[0]:
            statement, body[index] = _taking_blank_lines(statement, body[index])
        return module.with_changes(body=[*body[:index], statement, *body[index:]])
    index = start + sum(section < own for section in sections)
    header = list(module.header)
    if index == 0:
        while len(header) > 1 and header[-1].comment is None and header[-2].comment is None:
            header.pop()
    else:
        statement = statement.with_changes(leading_lines=[BLANK])
    if index < len(body):
        body[index] = _set_apart(body[index])
    return module.with_changes(header=header, body=[*body[:index], statement, *body[index:]])


def _import_block(body: Sequence[cst.BaseStatement]) -> tuple[int, int]:
    """Where the first run of imports starts and ends; both behind the docstring where there is none."""
    start = 0
    if body and _is_docstring(body[0]):
        start = 1
    end = start
    while end < len(body) and _imported_module(body[end]) is not None:
        end += 1
    return start, end


def _is_docstring(line: cst.BaseStatement) -> bool:
    return (
        isinstance(line, cst.SimpleStatementLine)
        and isinstance(line.body[0], cst.Expr)
        and isinstance(line.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )


def _imported_module(line: cst.BaseStatement) -> str | None:
    """The first module that an import line names; None for any other statement."""
    if not isinstance(line, cst.SimpleStatementLine):
        return None
    statement = line.body[0]
    if isinstance(statement, cst.Import):
        return statement.names[0].evaluated_name
    return module_text(statement) if isinstance(statement, cst.ImportFrom) else None


def _section(line: cst.BaseStatement, first_party: Set[str]) -> int:
    module = _imported_module(line) or ""
    if module.startswith("."):
        return RELATIVE
    package = module.partition(".")[0]
    if package == "__future__":
        return FUTURE
    if package in sys.stdlib_module_names:
        return STANDARD
    return FIRST_PARTY if package in first_party else THIRD_PARTY


def _index_in_section(
    body: Sequence[cst.BaseStatement], section: Sequence[int], module: str
) -> int:
    """Behind the last from-import that sorts before, else before the first one behind, else at the section's end."""
    froms = [index for index in section if not _is_plain(body[index])]
    smaller = [
        i for i in froms if _by_letter(_imported_module(body[i]) or "") <= _by_letter(module)
    ]
    if smaller:
        return smaller[-1] + 1
    return froms[0] if froms else section[-1] + 1


def _is_plain(line: cst.BaseStatement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Import)


def _taking_blank_lines[T: cst.BaseStatement](
    new: cst.SimpleStatementLine, old: T
) -> tuple[cst.SimpleStatementLine, T]:
    """The new first line of a section takes the blank lines above the old one."""
    blank = blank_lines_above(old)
    return new.with_changes(leading_lines=blank), with_blank_lines(old, ())


def _set_apart[T: cst.BaseStatement](statement: T) -> T:
    """The statement with a blank line above it, two above a definition."""
    wanted = 2 if isinstance(statement, cst.FunctionDef | cst.ClassDef) else 1
    blank = blank_lines_above(statement)
    missing = wanted - len(blank)
    return with_blank_lines(statement, [*blank, *[BLANK] * missing]) if missing > 0 else statement
