import ast

import pytest

from unblocker.survey.names import free_names, local_names, parameters, root_name


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def function(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + b.c", ["a", "b"]),
        ("[x for x in xs if x > y]", ["xs", "y"]),
        ("{k: v for k, v in d.items()}", ["d"]),
        ("lambda x, y=z: x + w", ["z", "w"]),
        ("f(*args, **kwargs)", ["f", "args", "kwargs"]),
    ],
)
def test_free_names(text: str, names: list[str]) -> None:
    assert list(free_names(expression(text))) == names


def test_what_a_nested_function_captures() -> None:
    node = function("def f(a):\n    b = a + c\n    return b")
    assert list(free_names(node)) == ["c"]


def test_locals() -> None:
    node = function(
        "def f(a, *b, c=1, **d):\n"
        "    global g\n"
        "    g = 1\n"
        "    import x.y\n"
        "    for e in a:\n"
        "        with b as h: pass\n"
        "    try: pass\n"
        "    except ValueError as i: pass\n"
        "    [j for j in a if (k := j)]\n"
        "    def m(): n = 1\n"
    )
    assert local_names(node) == {"a", "b", "c", "d", "x", "e", "h", "i", "k", "m"}


def test_parameters_in_order() -> None:
    node = function("def f(a, /, b, *c, d, **e): pass")
    assert parameters(node.args) == ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("text", "root"), [("a.b[0].c()", "a"), ("f(x).y", "f"), ("'x'.join(y)", None)]
)
def test_root_name(text: str, root: str | None) -> None:
    assert root_name(expression(text)) == root
