"""What statements bind is found without a look into expressions, and is the same as with one."""

import ast
from dataclasses import dataclass

import pytest

from unblocker.survey.blocks import binding_parts, statements
from unblocker.survey.names import children, local_names
from unblocker.survey.replacing import replace

BINDING = [
    "a, (b, *c) = d",
    "a.b = c[d] = e",
    "a: int = b",
    "a += b",
    "del a",
    "for a, b in c:\n  d = 1\nelse:\n  e = 1",
    "while a:\n  b = 1",
    "with a as (b, c), d:\n  e = 1",
    "try:\n  a = 1\nexcept B as c:\n  d = 1\nelse:\n  e = 1\nfinally:\n  f = 1",
    "match a:\n  case [b, *c] | {'d': b, 'e': c}:\n    d = 1\n  case F(g, h=i) as j if k:\n    l = 1",
    "import a.b, c as d\nfrom e import f as g",
    "def a(b):\n  c = 1",
    "class A:\n  b = 1",
    "global a\na = b = 1",
    "a = [b for b in c]\nd = lambda e: f",
    "type A = int",
]


@pytest.mark.parametrize("body", BINDING)
def test_locals_are_those_that_a_look_at_everything_finds(body: str) -> None:
    indented = "\n".join(f"  {line}" for line in body.split("\n"))
    function = ast.parse(f"def function(given):\n{indented}").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert local_names(function, binding_parts) == local_names(function, children)


def test_statements_are_those_directly_inside_with_handlers_and_cases() -> None:
    tree = ast.parse("try:\n  a\nexcept B:\n  c\nelse:\n  d\nfinally:\n  e\nf(lambda: g)")
    one, two = statements(tree)
    assert [type(part).__name__ for part in statements(one)] == ["Expr", "ExceptHandler", "Expr", "Expr"]  # fmt: skip
    assert statements(two) == []


@dataclass(frozen=True, slots=True)
class Pair:
    """A value with slots."""

    one: int
    other: int = 2


def test_a_copy_has_the_changes_and_the_rest() -> None:
    pair = Pair(1)
    assert replace(pair, one=3) == Pair(3, 2)
    assert pair == Pair(1, 2)
