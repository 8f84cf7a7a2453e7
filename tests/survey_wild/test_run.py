"""Surveying packages, in the environment of these tests."""

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tools.environments import Environment
from tools.survey_wild import report
from tools.survey_wild.outcome import Outcome
from tools.survey_wild.packages import Package, table
from tools.survey_wild.run import Stage

HERE = Environment(Path(sys.prefix))
[REST] = [package for package in table().packages if package.name == "djangorestframework"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, 120)


def with_urls(urls: str) -> Package:
    return msgspec.structs.replace(REST, urls=urls)


def test_the_package_is_read_as_the_projects_own(stage: Stage) -> None:
    outcome = stage.survey(REST, HERE)
    assert outcome.good
    assert outcome.views >= 4
    assert outcome.read >= 2
    assert outcome.operations > 0
    assert outcome.megabytes > 10
    told = report.line(outcome)
    assert told.startswith("ok ")
    assert f"{outcome.read} of {outcome.views} views read" in told


def test_a_project_that_cannot_be_surveyed_has_failed(stage: Stage) -> None:
    outcome = stage.survey(with_urls("urlpatterns = [1 / 0]\n"), HERE)
    assert outcome.failure == "error U027"
    assert not outcome.good
    assert report.line(outcome).startswith("FAILED ")


def test_so_has_one_that_takes_too_long(tmp_path: Path) -> None:
    outcome = Stage(tmp_path, 2).survey(with_urls("import time\ntime.sleep(60)\n"), HERE)
    assert outcome.failure == "it did not end in time"


def test_so_has_one_in_which_a_function_could_not_be_read() -> None:
    read = Outcome(REST, "1", "", 1.0, 1.0, views=1, read=1)
    assert read.good
    broken = replace(read, defects=("rest_framework/views.py:3: post could not be read",))
    assert not broken.good
    assert report.line(broken).startswith("DEFECT ")
    assert "1 of them failed" in report.total([read, broken])
