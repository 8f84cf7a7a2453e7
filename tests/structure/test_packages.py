"""What the two packages may load, and how the stages may know each other (DESIGN.md)."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
STAGES = {"survey", "plan", "rewrite", "verify", "measure", "report"}
SHARED = {"nesting", "records", "config", "errors", "catalog", "trees", "services", "signals"}

LOADED = """
import json, sys
import {module}
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(module: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_the_runtime_loads_neither_the_tool_nor_what_it_needs() -> None:
    modules = loaded_by("django_unblock")
    assert "django_unblock" in modules
    assert not {"unblocker", "libcst", "httpx", "click", "msgspec"} & modules


def test_the_check_above_can_fail() -> None:
    assert {"unblocker", "libcst"} <= loaded_by("unblocker, libcst")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_never_imports_a_sibling_stage(stage: str) -> None:
    files = sorted((SOURCE / "unblocker" / stage).rglob("*.py"))
    assert files
    known = {
        name.split(".")[1]
        for path in files
        for name in imports_of(path)
        if name.startswith("unblocker.")
    }
    assert "records" in known
    assert known - {stage} <= SHARED


def test_only_the_bridge_imports_greenlet() -> None:
    users = {
        path.name
        for path in (SOURCE / "django_unblock").rglob("*.py")
        if any(name.split(".")[0] == "greenlet" for name in imports_of(path))
    }
    assert users == {"bridge.py"}


def test_the_tool_knows_no_sample_project_by_name() -> None:
    files = sorted((SOURCE / "unblocker").rglob("*.py"))
    assert len(files) > 50
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if "corner-shop" in node.value or "examples/shop" in node.value
        }
        assert not named, path
