import json
from dataclasses import replace

import pytest

from unblocker.records.places import Place
from unblocker.records.plan import Reason
from unblocker.report.sarif import sarif


@pytest.fixture
def run(survey, plan):
    log = json.loads(sarif(survey, plan))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def results(run, code):
    return [result for result in run["results"] if result["ruleId"] == code]


def test_every_result_names_its_rule(run):
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_view_worth_converting_is_a_warning_at_its_reason(run):
    first = results(run, "U101")[0]
    assert first["level"] == "warning"
    assert first["message"]["text"] == (
        "catalog.views.overview: convert: 4 independent operations overlap"
    )
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {
        "uri": "catalog/views.py",
        "uriBaseId": "PROJECTROOT",
    }
    assert location["region"] == {
        "startLine": 9,
        "startColumn": 1,
        "endLine": 9,
        "endColumn": 81,
    }


def test_a_view_left_alone_is_a_note(run):
    assert [result["level"] for result in results(run, "U201")] == ["note"]


def test_the_admins_views_are_no_findings(run):
    assert results(run, "U203") == []


def test_a_problem_without_a_place_has_no_location(run):
    (problem,) = results(run, "U402")
    assert "locations" not in problem


def test_a_files_name_is_a_uri(survey, plan):
    first, *others = plan.views
    odd = replace(first, reasons=(Reason("U101", "…", Place("my app/ä.py", 1, 0, 1, 4)),))
    log = json.loads(sarif(survey, replace(plan, views=(odd, *others))))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "my%20app/%C3%A4.py"


def test_a_rule_carries_its_docs_page(run):
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "U101")
    assert rule["shortDescription"]["text"]
    assert "## What to do" in rule["help"]["markdown"]
