import ast

from unblocker.survey.lines import lines_with, nodes_at, stands_at
from unblocker.survey.names import children
from unblocker.survey.sources import Source

TEXT = """import a
@deco(
    one,
)
def f(x=[y for y in z]):
    match x:
        case {"k": [*rest]} if rest:
            return f"{x!r:>{y}}", lambda *a, **k: (yield)
"""


def source(text: str) -> Source:
    return Source("a.py", text, ast.parse(text))


def test_lines_that_hold_a_word_whole() -> None:
    assert lines_with(source("word\nwords\na.word(b)\n"), {"word"}) == [1, 3]
    assert lines_with(source("words\n"), {"word"}) == []


def test_a_function_stands_at_its_decorators_too() -> None:
    function = ast.parse(TEXT).body[1]
    assert [line for line in range(1, 10) if stands_at(function, [line])] == [2, 3, 4, 5, 6, 7, 8]


def test_only_nodes_at_the_lines_are_looked_at() -> None:
    names = {node.id for node in nodes_at(ast.parse(TEXT), [3]) if isinstance(node, ast.Name)}
    assert names == {"one"}


def test_children_are_those_that_python_tells() -> None:
    for node in ast.walk(ast.parse(TEXT)):
        assert children(node) == list(ast.iter_child_nodes(node))
