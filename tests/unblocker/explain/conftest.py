from pathlib import Path

import pytest

from unblocker.explain import explain
from unblocker.explain.knowledge import examples

TRACEBACKS = Path(__file__).parent / "tracebacks"
EXAMPLES = {f"{entry}.{example.name}": example for entry, example in examples()}


def recorded(name):
    """The traceback that the example gave when it was last run."""
    return (TRACEBACKS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.fixture
def shop(tmp_path):
    """A project with one module: a function that writes it and explains a text in it."""

    def explained(text, code="", file="shop/views.py"):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")
        return explain(text, tmp_path)

    return explained
