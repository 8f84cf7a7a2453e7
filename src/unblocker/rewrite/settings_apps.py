"""`INSTALLED_APPS`: our app added, where the settings spell the list out."""

from collections.abc import Iterator, Sequence

import libcst as cst

from unblocker.rewrite.splices import Splice
from unblocker.rewrite.tree import Tree

APP = "django_unblock"


def app_splices(tree: Tree) -> list[Splice] | None:
    """What adds our app behind Django's own; already there: empty; not spelt out here: None."""
    lists = [found for found in _lists(tree, "INSTALLED_APPS", frozenset()) if found.elements]
    if not lists:
        return None
    if any(_text(element) == APP for found in lists for element in found.elements):
        return []
    for found in lists:
        django = [e for e in found.elements if (_text(e) or "").startswith("django.")]
        if django:
            return [_behind(tree, django[-1], found.elements)]
    return [_behind(tree, lists[0].elements[-1], lists[0].elements)]


def _lists(tree: Tree, name: str, seen: frozenset[str]) -> Iterator[cst.List | cst.Tuple]:
    """The list displays that `name` is made of: its own, those added to it, those of the names in it."""
    if name in seen:
        return
    for statement in tree.statements.values():
        value = _value_of(statement, name)
        if value is not None:
            yield from _displays(tree, value, seen | {name})


def _value_of(statement: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    if isinstance(statement, cst.Assign):
        targets = [target.target for target in statement.targets]
        value: cst.BaseExpression | None = statement.value
    elif isinstance(statement, cst.AnnAssign):
        targets, value = [statement.target], statement.value
    else:
        return None
    named = any(isinstance(target, cst.Name) and target.value == name for target in targets)
    return value if named else None


def _displays(
    tree: Tree, value: cst.BaseExpression, seen: frozenset[str]
) -> Iterator[cst.List | cst.Tuple]:
    if isinstance(value, cst.List | cst.Tuple):
        yield value
        for element in value.elements:
            if isinstance(element, cst.StarredElement):
                yield from _displays(tree, element.value, seen)
    elif isinstance(value, cst.BinaryOperation):
        yield from _displays(tree, value.left, seen)
        yield from _displays(tree, value.right, seen)
    elif isinstance(value, cst.Name):
        yield from _lists(tree, value.value, seen)


def _text(element: cst.BaseElement) -> str | None:
    value = element.value
    return str(value.evaluated_value) if isinstance(value, cst.SimpleString) else None


def _behind(tree: Tree, element: cst.BaseElement, elements: Sequence[cst.BaseElement]) -> Splice:
    """Our app on a line of its own where the element has one, with the element's quotes."""
    place = tree.place_of(element.value)
    start, end = tree.offsets.start(place), tree.offsets.end(place)
    quote = element.value.quote if isinstance(element.value, cst.SimpleString) else '"'
    ours = f"{quote}{APP}{quote}"
    indent = tree.offsets.indentation(start)
    if indent is None:
        return Splice(end, end, f", {ours}")
    newline = tree.module.default_newline
    if element is elements[-1] and not isinstance(element.comma, cst.Comma):
        return Splice(end, end, f",{newline}{indent}{ours}")
    behind = tree.offsets.line_end(end)
    return Splice(behind, behind, f"{indent}{ours},{newline}")
