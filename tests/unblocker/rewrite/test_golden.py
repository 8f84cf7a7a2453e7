"""Every target shape, and many odd formattings, as code before and after."""

from pathlib import Path

import pytest

from unblocker.rewrite.file import Setting, rewrite_file
from unblocker.rewrite.source import Source

GOLDEN = Path(__file__).parents[2] / "golden" / "rewrite"
CASES = sorted(path.name for path in GOLDEN.iterdir())


def read(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("case", CASES)
def test_before_becomes_after(case, functions_in):
    before, after = read(GOLDEN / case / "before.py"), read(GOLDEN / case / "after.py")
    compile(after, "after.py", "exec")
    functions = functions_in(GOLDEN / case, before)
    result = rewrite_file(
        Source("views.py", "utf-8", before), functions, (), Setting(88, frozenset({"shop"}))
    )
    assert [problem.text for problem in result.problems] == []
    assert result.text == after
