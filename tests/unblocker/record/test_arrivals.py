"""Being told of a module: once it is executed, however it was looked for before."""

import subprocess
import sys
from pathlib import Path

import pytest

WATCH = """
import importlib.util, sys
from unblocker.record.agent import arrivals
arrivals.watch({name: lambda module: print("arrived", module.__name__, module.done) for name in ("one", "two.inner")})
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "__init__.py").write_text("")
    for name in ("one", "two/inner"):
        (tmp_path / f"{name}.py").write_text("done = True\n")
    return tmp_path


def told(code: str, cwd: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"{WATCH}\n{code}"],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import one", ["arrived one True"]),
        ("from two import inner", ["arrived two.inner True"]),
        ("import two", []),
        ("import one, one", ["arrived one True"]),
        ("importlib.util.find_spec('one')", []),
        ("importlib.util.find_spec('one')\nimport one", ["arrived one True"]),
        ("import one\ndel sys.modules['one']\nimport one", ["arrived one True"]),
        ("import two.inner\nprint(two.inner.__spec__.loader.get_source('two.inner'))",
         ["arrived two.inner True", "done = True", ""]),
    ],
)  # fmt: skip
def test_a_module_is_told_of_once_it_is_there(
    modules: Path, code: str, expected: list[str]
) -> None:
    assert told(code, modules) == expected


def test_what_goes_wrong_with_a_module_stays_as_it_is(modules: Path) -> None:
    (modules / "one.py").write_text("raise LookupError('theirs')\n")
    code = "for _ in range(2):\n    try:\n        import one\n    except LookupError as error:\n        print(error)"
    assert told(code, modules) == ["theirs", "theirs"]


def test_a_watcher_that_fails_is_not_noticed(modules: Path) -> None:
    code = "arrivals.watch({'one': lambda module: 1 / 0})\nimport one\nprint(one.done)"
    assert told(code, modules)[-1] == "True"
