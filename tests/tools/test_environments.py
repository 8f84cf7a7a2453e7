import subprocess
from pathlib import Path

import pytest

from tools.environments import ROOT, CannotInstallError, Environment, environment

REQUIREMENTS = ("asgiref==3.11.0",)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def ask(made: Environment, code: str) -> str:
    command = [str(made.python), "-c", code]
    ended = subprocess.run(
        command, check=True, capture_output=True, text=True, env=dict(made.variables)
    )
    return ended.stdout.strip()


def test_it_has_the_requirements_and_this_checkouts_tool(cache: Path) -> None:
    told: list[str] = []
    made = environment("sample", REQUIREMENTS, told.append)
    assert told == ["Installing 1 packages for sample"]
    assert made.folder.is_relative_to(cache)
    assert ask(made, "import importlib.metadata as m; print(m.version('asgiref'))") == "3.11.0"
    tool = ask(made, "import unblocker.cli.main; print(unblocker.__file__)")
    assert tool == str(ROOT / "src" / "unblocker" / "__init__.py")


def test_the_second_time_nothing_is_installed_and_after_an_interruption_all_of_it() -> None:
    told: list[str] = []
    made = environment("sample", REQUIREMENTS, told.append)
    assert environment("sample", REQUIREMENTS, told.append) == made
    assert len(told) == 1
    (made.folder / ".installed").unlink()
    made.python.unlink()
    assert environment("sample", REQUIREMENTS, told.append) == made
    assert len(told) == 2
    assert ask(made, "print(1)") == "1"


def test_what_cannot_be_installed_is_told_and_does_not_count_as_made() -> None:
    for _ in range(2):
        with pytest.raises(CannotInstallError, match="unsatisfiable"):
            environment("bad", ["django==1.11"], lambda _text: None)
