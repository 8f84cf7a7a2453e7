import json
from dataclasses import replace
from typing import Annotated, Literal

import msgspec
import pytest

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Reason
from unblocker.report.surveyed.sarif import sarif
from unblocker.report.surveyed.selection import Selection, select

Positive = Annotated[int, msgspec.Meta(ge=1)]


def told(surveyed):
    return sarif(select(surveyed, Selection()))


@pytest.fixture
def run(surveyed):
    log = json.loads(told(surveyed))
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
    first = results(run, "U101")[1]
    assert first["level"] == "warning"
    assert first["message"]["text"] == (
        "catalog.views.overview: convert: 4 independent operations overlap (320 → 200 ms)"
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


def test_a_files_name_is_a_uri(surveyed):
    first, *others = surveyed.plan.views
    odd = replace(first, reasons=(Reason("U101", "…", Place("my app/ä.py", 1, 0, 1, 4)),))
    plan = replace(surveyed.plan, views=(odd, *others))
    log = json.loads(told(replace(surveyed, plan=plan)))
    [found] = [one for one in log["runs"][0]["results"] if one["message"]["text"].count("…")]
    location = found["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "my%20app/%C3%A4.py"


def test_a_rule_carries_its_docs_page(run):
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "U101")
    assert rule["shortDescription"]["text"]
    assert "## What to do" in rule["help"]["markdown"]


def test_a_finding_is_a_warning_with_its_fix(surveyed):
    finding = Finding("U301", "it blocks", Place("a.py", 3, 4, 3, 9), "await it")
    found = replace(surveyed, survey=replace(surveyed.survey, findings=(finding,)))
    [result] = results(json.loads(told(found))["runs"][0], "U301")
    assert (result["level"], result["message"]["text"]) == ("warning", "it blocks: await it")


class Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What the standard's schema says of the objects that are written here: these fields and no others."""


class Text(Strict):
    text: Annotated[str, msgspec.Meta(min_length=1)]
    markdown: str = ""


class Artifact(Strict):
    uri: str
    uri_base_id: str = ""
    description: Text | None = None


class Region(Strict):
    start_line: Positive
    start_column: Positive
    end_line: Positive
    end_column: Positive


class Physical(Strict):
    artifact_location: Artifact
    region: Region


class Location(Strict):
    physical_location: Physical


class Result(Strict):
    rule_id: str
    rule_index: Annotated[int, msgspec.Meta(ge=0)]
    level: Literal["none", "note", "warning", "error"]
    message: Text
    locations: list[Location] = []


class Rule(Strict):
    id: str
    short_description: Text | None = None
    help: Text | None = None


class Driver(Strict):
    name: str
    semantic_version: str
    rules: list[Rule]


class Tool(Strict):
    driver: Driver


class Invocation(Strict):
    execution_successful: bool


class Run(Strict):
    tool: Tool
    invocations: list[Invocation]
    original_uri_base_ids: dict[str, Artifact]
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    results: list[Result]


class Log(msgspec.Struct, forbid_unknown_fields=True):
    schema: Annotated[str, msgspec.Meta(pattern="^https://.*sarif-schema-2.1.0.json$")] = (
        msgspec.field(name="$schema")
    )
    version: Literal["2.1.0"]
    runs: list[Run]


def test_it_has_the_standards_objects_and_fields_only(surveyed):
    log = msgspec.json.decode(told(surveyed), type=Log)
    ids = [rule.id for rule in log.runs[0].tool.driver.rules]
    assert len(ids) == len(set(ids))
    assert log.runs[0].original_uri_base_ids["PROJECTROOT"].uri == "file:///srv/shop/"
