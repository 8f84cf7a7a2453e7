"""The JSON document and its schema, which is part of the docs."""

import json
from pathlib import Path

import jsonschema
import pytest

from unblocker.report.surveyed.document import document, schema
from unblocker.report.surveyed.selection import Selection, select

DOCS = Path(__file__).parents[4] / "docs"


@pytest.fixture
def told(surveyed):
    return json.loads(document(select(surveyed, Selection())))


def test_it_fits_its_documented_schema(told):
    published = json.loads((DOCS / "survey.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(told, published)


def test_the_schema_that_is_documented_is_the_code_s():
    published = (DOCS / "survey.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == schema(), (
        "A record that is part of the document has changed. If a field went, raise VERSION; then write schema() there."
    )


def test_the_schema_refuses_a_document_of_another_version(told):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "version": 2}, schema())


def test_every_field_is_documented():
    page = (DOCS / "survey-json.md").read_text(encoding="utf-8")
    for name in ("Document", "ViewDocument", "Gain", "Amount", "Reached"):
        for field in schema()["$defs"][name]["properties"]:
            assert f"`{field}`" in page, f"{name}.{field}"


def test_a_view_has_its_verdict_gain_and_operations(told):
    compare, _, overview = told["views"][:3]
    assert compare["view"] == "prices.views.compare"
    assert overview["verdict"] == "convert"
    assert overview["gain"] == {
        "before_ms": 320.0,
        "after_ms": 200.0,
        "saved_ms": 120.0,
        "ratio": 1.6,
        "basis": "assumed",
        "requests": None,
        "saved_in_all_ms": 120.0,
    }
    assert overview["amounts"] == [
        {"kind": "query", "total": 2, "repeated": 0},
        {"kind": "http", "total": 1, "repeated": 0},
        {"kind": "template", "total": 1, "repeated": 0},
    ]
    assert [one["label"] for one in overview["operations"]][:2] == ["Order.count", "Ticket.count"]
    assert overview["operations"][0]["place"]["line"] == 9


def test_views_of_packages_are_not_own(told):
    assert {view["name"] for view in told["views"] if not view["own"]} == {"index", "login"}
