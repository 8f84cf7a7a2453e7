from dataclasses import replace

import pytest

from tests.unblocker.report.html_tree import everything, parse
from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Traffic
from unblocker.report.surveyed.page import render
from unblocker.report.surveyed.selection import Selection, select


def page_of(surveyed, **selection):
    return parse(render(select(surveyed, Selection(**selection))))


@pytest.fixture(scope="module")
def page(surveyed):
    finding = Finding("U301", "it <blocks>", Place("catalog/views.py", 9, 0, 9, 5), "await it")
    return page_of(replace(surveyed, survey=replace(surveyed.survey, findings=(finding,))))


def row(page, view):
    return next(row for row in page.all("tr") if row.attributes.get("data-view") == view)


def cells(page, view):
    found = row(page, view).all("td")
    return {cell.attributes["data-label"]: cell.words for cell in found}


def test_every_view_has_one_row(page, surveyed):
    views = [row.attributes["data-view"] for row in page.all("tr") if "data-view" in row.attributes]
    assert sorted(views) == sorted(view.id for view in surveyed.survey.views)


def test_a_row_has_the_figures(page):
    assert cells(page, "catalog.views.overview") == {
        "Verdict": "convert",
        "Why": "U101",
        "Now": "320",
        "Planned": "200",
        "Gain": "1.6\N{MULTIPLICATION SIGN}",
        "Does": "2 queries, 1 HTTP call, 1 template",
        "Route": "/overview/",
        "Code": "catalog/views.py:7",
    }


def test_a_view_that_is_left_has_no_planned_time(page):
    told = cells(page, "catalog.views.article")
    assert (told["Now"], told["Planned"], told["Gain"]) == ("40", "-", "-")


def test_requests_have_a_column_where_they_are_known(surveyed):
    views = tuple(replace(view, traffic=Traffic(1204, 50.0)) for view in surveyed.plan.views)
    recorded = page_of(replace(surveyed, plan=replace(surveyed.plan, views=views)))
    assert cells(recorded, "catalog.views.overview")["Requests"] == "1,204"


def test_a_views_operations_stand_in_order_with_their_places(page):
    section = next(page.all("details", id="view-catalog.views.overview"))
    operations = [item.words for item in next(section.all("ol")).all("li")]
    assert operations[:2] == [
        "query Order.count catalog/views.py:9",
        "query Ticket.count catalog/views.py:10",
    ]


def test_the_waterfall_has_a_bar_per_predicted_operation(page, plan):
    section = next(page.all("details", id="view-prices.views.compare"))
    prediction = next(v for v in plan.views if v.view == "prices.views.compare").prediction
    bars = list(section.all("g", **{"class": "bar"}))
    assert len(bars) == len(prediction.before + prediction.after)


def test_a_view_that_is_left_has_no_waterfall(page):
    section = next(page.all("details", id="view-catalog.views.article"))
    assert not list(section.all("figure"))


def test_findings_stand_as_they_are_and_none_have_no_table(page, surveyed):
    assert "it <blocks>" in next(page.all("section", id="findings")).words
    assert not list(page_of(surveyed).all("section", id="findings"))


def test_it_can_be_read_without_a_script(page):
    """What needs the script is hidden until it runs."""
    assert "hidden" in next(page.all("form")).attributes
    assert "hidden" in next(page.all("button", id="toggle-all")).attributes
    assert list(page.all("details"))


def test_every_field_has_a_label_and_every_chart_a_text(page):
    labelled = [field for label in page.all("label") for field in label.all("input")]
    assert len(labelled) == len(list(page.all("input"))) > 1
    assert all(chart.attributes.get("aria-label") for chart in page.all("svg", role="img"))
    assert all("scope" in heading.attributes for heading in page.all("th"))


def test_nothing_is_fetched(page):
    for node in everything(page):
        assert node.tag not in {"link", "img", "iframe", "object"}
        assert "src" not in node.attributes
        assert node.attributes.get("href", "#").startswith("#")
    style = next(page.all("style")).text
    assert "url(" not in style


def test_every_link_has_its_target_and_every_id_is_used_once(page):
    ids = [node.attributes["id"] for node in everything(page) if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    assert {node.attributes["href"][1:] for node in page.all("a")} <= set(ids)


def test_a_page_without_views_is_a_page(surveyed):
    empty = page_of(surveyed, verdicts=("bridge",))
    assert not [row for row in empty.all("tr") if "data-view" in row.attributes]
