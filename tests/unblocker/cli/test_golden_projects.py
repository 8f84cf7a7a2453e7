"""Whole small projects, converted: tests/golden/convert has them before, and after it the files that change."""

import shutil
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[2] / "golden" / "convert"
CASES = sorted(path.name for path in GOLDEN.iterdir())


def test_there_are_cases():
    assert "article" in CASES


def names_in(folder):
    return [path.relative_to(folder) for path in folder.rglob("*.*") if path.is_file()]


@pytest.mark.parametrize("case", CASES)
def test_project_before_becomes_after(case, tmp_path, run_soon):
    before, after = GOLDEN / case / "before", GOLDEN / case / "after"
    names = names_in(before)
    project = shutil.copytree(before, tmp_path / case)
    done = run_soon("convert", "--write", cwd=project)
    assert done.returncode == 0, done.stderr
    now = {name: (project / name).read_text() for name in names}
    changed = {name: text for name, text in now.items() if text != (before / name).read_text()}
    assert changed == {name: (after / name).read_text() for name in names_in(after)}
    for name, text in changed.items():
        compile(text, name, "exec")
