"""The runtime stays small enough to be read whole, and its modules small enough to be read at once."""

import ast
from pathlib import Path

RUNTIME = Path(__file__).parents[2] / "src" / "django_unblock"
LINES_OF_A_MODULE = 400
STATEMENTS = 3_500


def statements(source: str) -> int:
    """How many statements there are, docstrings not counted: layout makes no difference."""
    return sum(
        isinstance(node, ast.stmt)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in ast.walk(ast.parse(source))
    )


def sources() -> dict[str, str]:
    return {
        path.relative_to(RUNTIME).as_posix(): path.read_text(encoding="utf-8")
        for path in RUNTIME.rglob("*.py")
    }


def test_no_module_of_the_runtime_is_too_long() -> None:
    long = {name for name, text in sources().items() if text.count("\n") > LINES_OF_A_MODULE}
    assert not long


def test_the_runtime_is_small() -> None:
    assert len(sources()) > 40
    assert sum(map(statements, sources().values())) < STATEMENTS


def test_what_is_counted() -> None:
    assert statements('"""A docstring."""\nimport a\nif a:\n    b = (\n        1,\n    )\n') == 3
