"""The log against the published schema of SARIF 2.1.0, by the classes that pydantic-sarif has made of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from unblocker.report.surveyed.sarif import sarif
from unblocker.report.surveyed.selection import Selection, select

pydantic = pytest.importorskip("pydantic")
model = pytest.importorskip("pydantic_sarif.model")
LOG = model.StaticAnalysisResultsFormatSarifVersion210JsonSchema

type Log = dict[str, Any]


@pytest.fixture
def log(surveyed: Any) -> Log:
    found: Log = json.loads(sarif(select(surveyed, Selection())))
    assert found["runs"][0]["results"]
    return found


def test_the_log_is_valid(log: Log) -> None:
    LOG.model_validate_json(json.dumps(log), strict=True)


def _result(log: Log) -> Log:
    found: Log = log["runs"][0]["results"][0]
    return found


def _no_message(log: Log) -> None:
    del _result(log)["message"]


def _line_zero(log: Log) -> None:
    _result(log)["locations"][0]["physicalLocation"]["region"]["startLine"] = 0


def _own_property(log: Log) -> None:
    _result(log)["gain"] = 3


def _no_such_level(log: Log) -> None:
    _result(log)["level"] = "bad"


@pytest.mark.parametrize("broken", [_no_message, _line_zero, _own_property, _no_such_level])
def test_a_log_that_is_not_is_refused(log: Log, broken: Callable[[Log], None]) -> None:
    broken(log)
    with pytest.raises(pydantic.ValidationError):
        LOG.model_validate_json(json.dumps(log), strict=True)
