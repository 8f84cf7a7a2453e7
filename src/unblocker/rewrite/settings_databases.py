"""`DATABASES`: the engine of an alias, where the settings spell it out."""

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from unblocker.records.engines import ENGINES
from unblocker.rewrite.splices import Offsets, Splice
from unblocker.rewrite.tree import Tree

REST_OF_ENTRY = re.compile(r",?[ \t]*(#[^\r\n]*)?(?=[\r\n]|$)")


def engine_splices(alias: str, tree: Tree) -> list[Splice] | None:
    """What puts our engine in the place of Django's for `alias`; nothing to do: empty; not spelt out here: None.

    The pool keeps connections open instead of CONN_MAX_AGE, which would keep one for each thread; its entry goes,
    with the comment on it.
    """
    splices: list[Splice] = []
    found = False
    for path, value in _assignments(tree):
        entry = _entry(value, alias) if path == ("DATABASES",) else None
        if path == ("DATABASES", alias):
            entry = value
        direct = path == ("DATABASES", alias, "ENGINE")
        changed = _engine_splice(tree, value if direct else _entry(entry, "ENGINE"))
        if changed is not None:
            found = True
            splices += [*changed, *_age_splices(tree, entry)]
    return splices if found else None


def _assignments(tree: Tree) -> Iterator[tuple[tuple[str, ...], cst.BaseExpression]]:
    """Every assignment to a name or to literal items of one, with its path: `("DATABASES", "default")`."""
    for statement in tree.statements.values():
        if isinstance(statement, cst.Assign):
            for target in statement.targets:
                yield _path(target.target), statement.value
        elif isinstance(statement, cst.AnnAssign) and statement.value is not None:
            yield _path(statement.target), statement.value


def _path(target: cst.BaseExpression) -> tuple[str, ...]:
    if isinstance(target, cst.Name):
        return (target.value,)
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
            return (*_path(target.value), str(index.value.evaluated_value))
    return ()


def _entry(value: cst.BaseExpression | None, key: str) -> cst.BaseExpression | None:
    for element in _elements(value):
        if isinstance(element.key, cst.SimpleString) and element.key.evaluated_value == key:
            return element.value
    return None


def _elements(value: cst.BaseExpression | None) -> Sequence[cst.DictElement]:
    if not isinstance(value, cst.Dict):
        return ()
    return [element for element in value.elements if isinstance(element, cst.DictElement)]


def _engine_splice(tree: Tree, engine: cst.BaseExpression | None) -> list[Splice] | None:
    if not isinstance(engine, cst.SimpleString):
        return None
    stock = str(engine.evaluated_value)
    if stock in ENGINES.values():
        return []
    if stock not in ENGINES:
        return None
    place = tree.place_of(engine)
    text = f"{engine.quote}{ENGINES[stock]}{engine.quote}"
    return [Splice(tree.offsets.start(place), tree.offsets.end(place), text)]


def _age_splices(tree: Tree, value: cst.BaseExpression | None) -> list[Splice]:
    for index, element in enumerate(elements := _elements(value)):
        if (
            isinstance(element.key, cst.SimpleString)
            and element.key.evaluated_value == "CONN_MAX_AGE"
        ):
            start = tree.offsets.start(tree.place_of(element.key))
            end = tree.offsets.end(tree.place_of(element.value))
            whole = _whole_lines(tree.offsets, start, end)
            if whole is not None:
                return [whole]
            if index + 1 < len(elements):
                following = tree.offsets.start(tree.place_of(elements[index + 1].key))
                return [Splice(start, following, "")]
            if index:
                previous = tree.offsets.end(tree.place_of(elements[index - 1].value))
                return [Splice(previous, end, "")]
    return []


def _whole_lines(offsets: Offsets, start: int, end: int) -> Splice | None:
    """The removal of the lines from `start` to `end`, with the comments directly above, if they hold nothing else."""
    rest = REST_OF_ENTRY.match(offsets.text, end)
    if rest is None or offsets.indentation(start) is None:
        return None
    first = offsets.line_start(start)
    while first > 0:
        above = offsets.line_start(first - 1)
        if not offsets.text[above:first].lstrip().startswith("#"):
            break
        first = above
    return Splice(first, offsets.line_end(end), "")
