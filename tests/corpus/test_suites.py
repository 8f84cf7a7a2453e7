"""A small suite, run as those of the apps are, without a database."""

import sys
from pathlib import Path

import pytest

from tools.corpus.processes import run_to_end
from tools.corpus.recipes import Recipe, Suite
from tools.corpus.suites import STOCK, CannotRunError, Stage
from tools.environments import Environment

SETTINGS = """
import os

SECRET_KEY = "x"
DATABASES = {}
TEST_RUNNER = "suite_runner.Runner"
"""
TESTS = """
import os
import time
from unittest import TestCase, skip


class Tests(TestCase):
    def test_a_good(self): pass
    def test_b_bad(self): self.fail("as it must")
    @skip("not here")
    def test_c_skipped(self): pass
    def test_d_last(self): pass
"""


def stage(folder: Path, tests: str = TESTS, seconds: int = 60) -> Stage:
    (folder / "project").mkdir()
    (folder / "project" / "corpus_run.py").write_text(SETTINGS)
    (folder / "project" / "tests.py").write_text(tests)
    environment = folder / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    (environment / "pyvenv.cfg").write_text(_own_configuration())
    (environment / "lib").symlink_to(Path(sys.prefix) / "lib")
    suite = Suite(labels=("tests",), seconds=seconds)
    recipe = Recipe(name="small", version="1", sha256="", why="", requirements=(), suite=suite)
    return Stage(recipe, Environment(environment), folder / "project", folder, 1)


def _own_configuration() -> str:
    return (Path(sys.prefix) / "pyvenv.cfg").read_text()


def test_the_outcome_of_each_test_is_recorded(tmp_path: Path) -> None:
    found = stage(tmp_path).run("before", STOCK, adopted=False)
    assert {test.rpartition(".")[2]: one.word for test, one in found.items()} == {
        "test_a_good": "passed",
        "test_b_bad": "failed",
        "test_c_skipped": "skipped",
        "test_d_last": "passed",
    }
    assert "as it must" in found["tests.Tests.test_b_bad"].detail


def test_some_tests_can_be_run_alone(tmp_path: Path) -> None:
    labels = ("tests.Tests.test_d_last",)
    found = stage(tmp_path).run("again", STOCK, adopted=False, labels=labels)
    assert list(found) == list(labels)


def test_a_test_that_ends_its_process_is_noted_and_the_others_run(tmp_path: Path) -> None:
    tests = TESTS.replace('self.fail("as it must")', "os._exit(3)")
    found = stage(tmp_path, tests).run("before", STOCK, adopted=False)
    assert found["tests.Tests.test_b_bad"].word == "crashed"
    assert found["tests.Tests.test_d_last"].word == "passed"


def test_a_test_that_hangs_is_noted_and_the_others_run(tmp_path: Path) -> None:
    tests = TESTS.replace('self.fail("as it must")', "time.sleep(600)")
    found = stage(tmp_path, tests, seconds=20).run("before", STOCK, adopted=False)
    assert found["tests.Tests.test_b_bad"].word == "hung"
    assert found["tests.Tests.test_d_last"].word == "passed"


def test_a_suite_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match=r"no test ran[^$]*SyntaxError"):
        stage(tmp_path, "def").run("before", STOCK, adopted=False)


def test_a_command_that_ends_has_its_status_and_what_it_took(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "print('told'); raise SystemExit(3)")
    ended = run_to_end(command, tmp_path, {}, tmp_path / "log", 60)
    assert (ended.status, ended.in_time) == (3, True)
    assert ended.megabytes > 1
    assert (tmp_path / "log").read_text() == "told\n"


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import time; time.sleep(600)")
    ended = run_to_end(command, tmp_path, {}, tmp_path / "log", 1)
    assert not ended.in_time
    assert ended.status < 0
